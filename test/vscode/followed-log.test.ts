import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { FollowedLog } from '../../src/vscode/logs/followed-log.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

it('a log is followed on, without repetition, in the store of a folder that was opened again', async (context) => {
  const folder = tempFolder(context);
  const before = await TaskStore.open({ folder });
  const { id } = await before.createTask({ title: 'A' });
  const messages: string[] = [];
  const { next } = await before.getLogs(id, { limit: 1 });
  const followed = new FollowedLog(before, id, next, (entries) =>
    messages.push(...entries.map(({ message }) => message)),
  );
  context.after(() => followed.dispose());
  await before.addLog(id, 'first');
  await until('the first line is reported', () => messages.includes('first'));
  const after = await TaskStore.open({ folder });
  context.after(() => after.close());
  followed.moveTo(after);
  await before.close();
  await after.addLog(id, 'second');
  await until('the second line is reported', () => messages.includes('second'));
  assert.deepEqual(messages, ['first', 'second']);
  followed.dispose();
  const third = await TaskStore.open({ folder });
  context.after(() => third.close());
  followed.moveTo(third);
  const witnessed: string[] = [];
  const witness = third.followLog(id, 0, (entries) => witnessed.push(...entries.map(({ message }) => message)));
  context.after(() => witness.dispose());
  await third.addLog(id, 'third');
  await until('another follower reports the third line', () => witnessed.includes('third'));
  assert.deepEqual(messages, ['first', 'second'], 'a closed page follows nothing');
});
