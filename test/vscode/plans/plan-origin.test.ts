import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placedItems } from '../../../src/core/plan/plan.ts';
import { refineOrder } from '../../../src/core/plan/refine.ts';
import { specDraft } from '../../../src/operations/plan/draft.ts';
import type { TaskFolder } from '../../../src/vscode/folders/task-folder.ts';
import { canRefine, readOrigin, readProposal } from '../../../src/vscode/plans/plan-origin.ts';
import { bench } from '../../operations/context.ts';

test('accepted changes of an agent are applied until the file changes', async (context) => {
  const tasks = await bench(context);
  const { store } = tasks;
  const file = join(store.folder, 'a.md');
  writeFileSync(file, '- [ ] Setup\n- [ ] Build\n');
  const { plan, text } = await specDraft(store.folder, 'a.md');
  const [setup] = plan.items.map(({ key }) => key);
  const answer = { change: [{ key: setup, title: 'Set up' }], add: [{ key: 'n', title: 'Test' }] };
  const task = await store.createTask({ title: 'Refine', description: refineOrder(plan, text), tool: 'OPENCODE' });
  await store.transact('test.end', (draft) => {
    draft.patch(task.id, { status: 'completed', result: { message: `\`\`\`json\n${JSON.stringify(answer)}\n\`\`\`` } });
  });
  const folder = { ready: async () => ({ store }) } as unknown as TaskFolder;
  const read = (...accepted: string[]) =>
    readOrigin(folder, { kind: 'spec', file: 'a.md', refined: { task: task.id, accepted } });
  const titles = ({ plan: now }: Awaited<ReturnType<typeof read>>) => now?.items.map(({ title }) => title);

  assert.deepEqual(titles(await read('n')), ['Setup', 'Build', 'Test']);
  const both = await read('n', setup ?? '');
  assert.deepEqual(titles(both), ['Set up', 'Build', 'Test']);
  assert.deepEqual(both.refined, { agent: 'OPENCODE', number: task.number });
  assert.equal(canRefine('spec', both), false, 'a second refinement would replace the first');
  const { before, after } = await readProposal(store, 'a.md', task.id);
  assert.deepEqual([placedItems(before).length, placedItems(after).length], [2, 3]);

  writeFileSync(file, '- [ ] Setup\n- [ ] Build\n- [ ] Ship\n');
  const changed = await read('n');
  assert.deepEqual(titles(changed), ['Setup', 'Build', 'Ship']);
  assert.match(changed.notes[0]?.message ?? '', /^The file changed after #1 refined its plan\./);
  assert.equal(canRefine('spec', changed), true);
  await assert.rejects(readProposal(store, 'a.md', task.id), /The file changed/);

  writeFileSync(file, '- [ ] Setup\n- [ ] Build\n');
  await store.deleteTask(task.id);
  const deleted = await read('n');
  assert.deepEqual(titles(deleted), ['Setup', 'Build']);
  assert.match(deleted.notes[0]?.message ?? '', /^The task that refined this plan was deleted or archived\./);
  assert.equal(canRefine('spec', deleted), true);
  assert.equal(canRefine('import', deleted), false);
});
