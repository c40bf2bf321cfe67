import assert from 'node:assert/strict';
import { it } from 'node:test';
import { until } from '../../support/temp-folder.ts';
import { create, entry, type MakeRepository, opened } from './bench.ts';

export function logContract(make: MakeRepository): void {
  it('keeps log entries in order and returns them by page', async (context) => {
    const { repository } = await opened(context, make);
    const id = await repository.mutate('create', create('a'));
    const entries = Array.from({ length: 25 }, (_, i) => ({
      timestamp: new Date(i).toISOString(),
      level: 'info' as const,
      type: 'output' as const,
      message: `line ${i} ünï\u2028`,
    }));
    await Promise.all([repository.appendLog(id, entries.slice(0, 10)), repository.appendLog(id, entries.slice(10))]);
    assert.equal(await repository.countLog(id), 25);
    const last = await repository.readLog(id, { limit: 10 });
    assert.deepEqual(last.entries, entries.slice(15));
    const before = await repository.readLog(id, { before: last.start, limit: 10 });
    assert.deepEqual(before.entries, entries.slice(5, 15));
    const first = await repository.readLog(id, { after: 0, limit: 7 });
    assert.deepEqual(first.entries, entries.slice(0, 7));
    const second = await repository.readLog(id, { after: first.next, limit: 100 });
    assert.deepEqual(second.entries, entries.slice(7));
    assert.deepEqual((await repository.readLog(id, { after: second.next })).entries, []);
  });

  it('writes the log lines of a mutation and removes the log with its task', async (context) => {
    const { repository } = await opened(context, make);
    const id = await repository.mutate('create', (draft) => {
      const made = create('a')(draft);
      draft.log(made, { message: 'made' });
      return made;
    });
    await repository.appendLog(id, [entry('x')]);
    const { entries } = await repository.readLog(id, {});
    assert.deepEqual(
      entries.map(({ message, type }) => [message, type]),
      [
        ['made', 'system'],
        ['x', 'output'],
      ],
    );
    await repository.mutate('delete', (draft) => draft.delete(id));
    await until('the log is gone', async () => (await repository.countLog(id)) === 0);
    await repository.appendLog(id, [entry('late')]);
    assert.deepEqual((await repository.readLog(id, {})).entries, []);
  });

  it('reports entries only while the logs are watched', async (context) => {
    const { repository, logged } = await opened(context, make);
    const id = await repository.mutate('create', create('a'));
    await repository.appendLog(id, [entry('before')]);
    await repository.watchLogs(true);
    await repository.appendLog(id, [entry('while')]);
    await until('it is reported', () => logged.some(([, { message }]) => message === 'while'));
    await repository.watchLogs(false);
    await repository.appendLog(id, [entry('after')]);
    assert.equal((await repository.readLog(id, {})).entries.length, 3);
    assert.ok(logged.every(([task, { message }]) => task === id && message !== 'after'));
  });
}
