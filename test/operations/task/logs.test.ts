import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { LogDraft } from '../../../src/core/task/log-entry.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskLogs } from '../../../src/operations/task/logs.ts';
import { type Bench, bench, logged } from '../context.ts';

async function withLog(context: Parameters<typeof bench>[0], drafts: readonly LogDraft[]): Promise<Bench> {
  const made = await bench(context);
  const { id } = await made.run(taskCreate, { title: 'A' });
  await logged(made.store, 'A', /Task created/);
  await made.store.appendLog(id, drafts);
  return made;
}

const words = (page: { entries: readonly { message: string }[] }): string[] => page.entries.map((e) => e.message);

const mixed: readonly LogDraft[] = [
  { message: 'thinking', type: 'agent' },
  { message: 'Read a.js', type: 'tool', metadata: { toolName: 'read', fileName: 'a.js' } },
  { message: 'careful', type: 'system', level: 'warn' },
  { message: 'ran npm', type: 'output', metadata: { toolName: 'bash' } },
  { message: 'broke', type: 'output', level: 'error' },
];

describe('task.logs', () => {
  it('returns the end of the log in order, with the next position', async (context) => {
    const { run, store } = await withLog(context, mixed);
    const page = await run(taskLogs, { task: 'A', tail: 2 });
    assert.deepEqual([words(page), page.earlier], [['ran npm', 'broke'], true]);
    await store.addLog('A', 'more');
    assert.deepEqual(words(await run(taskLogs, { task: 'A', after: page.next })), ['more']);
  });

  it('filters by tool usage, type and level (F169)', async (context) => {
    const { run } = await withLog(context, mixed);
    assert.deepEqual(words(await run(taskLogs, { task: 1, filter: 'tool_usage' })), ['Read a.js', 'ran npm']);
    assert.deepEqual(words(await run(taskLogs, { task: 1, filter: 'error' })), ['broke']);
    assert.deepEqual(words(await run(taskLogs, { task: 1, type: ['agent', 'tool'] })), ['thinking', 'Read a.js']);
    assert.deepEqual(words(await run(taskLogs, { task: 1, level: 'warn' })), ['careful', 'broke']);
    assert.deepEqual(words(await run(taskLogs, { task: 1, level: 'warn', tail: 1 })), ['broke']);
    assert.deepEqual(words(await run(taskLogs, { task: 1, tail: 0 })), []);
  });

  it('returns the entries since a given time', async (context) => {
    const { run } = await withLog(context, mixed);
    assert.equal((await run(taskLogs, { task: 1, since: '2024-01-01' })).entries.length, 6);
    assert.equal((await run(taskLogs, { task: 1, since: '2999-01-01' })).entries.length, 0);
  });

  it('finds a few lines among many, backwards and forwards, in pages that do not overlap', async (context) => {
    const many: LogDraft[] = Array.from({ length: 5_000 }, (_, index) => ({
      message: `line ${index}`,
      type: index % 500 === 0 ? 'tool' : 'output',
    }));
    const { run } = await withLog(context, many);
    const last = await run(taskLogs, { task: 1, filter: 'tool', tail: 3 });
    assert.deepEqual([words(last), last.earlier], [['line 3500', 'line 4000', 'line 4500'], true]);
    const found: string[] = [];
    let after = 0;
    for (let page = await run(taskLogs, { task: 1, filter: 'tool', after, limit: 3 }); page.entries.length > 0; ) {
      assert.ok(page.entries.length <= 3);
      found.push(...words(page));
      after = page.next;
      page = await run(taskLogs, { task: 1, filter: 'tool', after, limit: 3 });
    }
    assert.deepEqual(
      found,
      Array.from({ length: 10 }, (_, index) => `line ${index * 500}`),
    );
    const all = await run(taskLogs, { task: 1, after: 0, limit: 10_000 });
    assert.equal(all.entries.length, 5_001);
  });

  it('finds the requested number of lines behind a range of unreadable lines', async (context) => {
    const { run, store } = await withLog(context, [{ message: 'first', type: 'tool' }]);
    const { id } = store.resolve('A');
    appendFileSync(
      join(store.folder, '.systemprompt', 'state', 'logs', `${id}.jsonl`),
      'not a line of a log\n'.repeat(3_000),
    );
    await store.appendLog(id, [{ message: 'last', type: 'tool' }]);
    assert.deepEqual(words(await run(taskLogs, { task: 1, filter: 'tool', tail: 2 })), ['first', 'last']);
    const page = await store.getLogs(id, { filter: 'tool', limit: 2 });
    assert.deepEqual(words(page), ['first', 'last']);
  });

  it('finds lines since a given time although the clock moved back in between', async (context) => {
    const { run, store } = await withLog(context, []);
    const { id } = store.resolve('A');
    const at = (day: number): string => new Date(Date.UTC(2030, 0, day)).toISOString();
    const lines = [20, 21, 1, 22].map((day) => ({
      timestamp: at(day),
      level: 'info',
      type: 'output',
      message: `${day}`,
    }));
    appendFileSync(
      join(store.folder, '.systemprompt', 'state', 'logs', `${id}.jsonl`),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    assert.deepEqual(words(await run(taskLogs, { task: 1, since: '2030-01-10' })), ['20', '21', '22']);
  });

  it('rejects invalid filters and unknown tasks', async (context) => {
    const { run, refused } = await bench(context);
    await refused(taskLogs, { task: 1 }, 'TaskNotFound');
    await run(taskCreate, { title: 'A' });
    await refused(taskLogs, { task: 1, filter: 'everything' as 'tool' }, 'InvalidInput');
  });
});
