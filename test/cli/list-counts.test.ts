import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command } from '../../src/cli/commands/task-list.ts';
import type { Host } from '../../src/host.ts';
import { taskCreate } from '../../src/operations/task/create.ts';
import { bench } from '../operations/context.ts';

test('the table of task list reads no logs, and its JSON has their lengths', async (context) => {
  const made = await bench(context);
  await made.run(taskCreate, { title: 'Build' });
  const printed: string[] = [];
  const values: unknown[] = [];
  const list = await command();
  const call = {
    folder: made.store.folder,
    actor: undefined,
    values: {},
    host: async () => made as unknown as Host,
    out: {
      print: (text: string) => printed.push(text),
      json: (value: unknown) => values.push(value),
      note: () => {},
      style: (_: string, text: string) => text,
      columns: 80,
      now: () => Date.now(),
    },
    interrupted: () => new AbortController().signal,
  } as unknown as Parameters<typeof list.run>[0];
  await list.run({ ...call, json: true });
  assert.equal((values[0] as { tasks: { log_count: number }[] }).tasks[0]?.log_count, 1);
  made.store.counted = () => Promise.reject(new Error('the logs are read'));
  await list.run({ ...call, json: false });
  assert.match(printed.join('\n'), /Build/);
  await assert.rejects(list.run({ ...call, json: true }), /the logs are read/);
});
