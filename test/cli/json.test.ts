import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { logEntrySchema } from '../../src/core/task/log-entry.ts';
import { taskRecordSchema } from '../../src/core/task/schema.ts';
import { agents } from '../../src/operations/agent/agents.ts';
import { status } from '../../src/operations/store/status.ts';
import { taskDelete } from '../../src/operations/task/delete.ts';
import { taskList } from '../../src/operations/task/list.ts';
import { taskSchema } from '../../src/operations/task/output.ts';
import { cli } from './cli.ts';

const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    next: z.array(z.looseObject({ kind: z.enum(['operation', 'shell', 'text']), label: z.string() })),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

const followSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('task'), task: taskRecordSchema }),
  z.strictObject({ event: z.literal('log'), taskId: z.string(), entry: logEntrySchema }),
  z.strictObject({ event: z.literal('deleted'), taskId: z.string() }),
]);

const severalSchema = z.strictObject({ tasks: z.array(taskSchema).min(2) });
const workerSchema = z.strictObject({ at: z.iso.datetime(), level: z.string(), message: z.string() });

function lines(text: string): unknown[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('--json', () => {
  it('prints one task as the task and several as { tasks }, for every operation', async (context) => {
    const run = cli(context);
    const task = async (...words: string[]): Promise<z.infer<typeof taskSchema>> =>
      taskSchema.parse(await run.json(...words));
    const script = ['--assigned-to', 'SHELL', '--instructions', 'echo hello'];
    await task('task', 'create', 'A', ...script);
    await task('task', 'create', 'B', ...script, '--depends-on', 'A');
    await task('task', 'show', 'A', '--history');
    await task('task', 'update', 'A', '--priority', 'high');
    await task('task', 'remove-dependency', 'B', 'A');
    severalSchema.parse(await run.json('task', 'start', 'A', 'B', '--wait'));
    assert.equal((await task('task', 'restart', 'A')).number, 1);
    await task('task', 'create', 'C', ...script, '--requires-approval', '--start');
    await task('task', 'approve', 'C');
    await task('task', 'create', 'D', ...script, '--requires-approval', '--start');
    assert.equal((await task('task', 'reject', 'D')).status, 'failed');
    assert.equal((await task('task', 'complete', 'D')).status, 'completed');
    await task('task', 'create', 'E');
    await task('task', 'create', 'F');
    severalSchema.parse(await run.json('task', 'cancel', 'E', 'F'));
    z.strictObject(taskDelete.output.shape).parse(await run.json('task', 'delete', 'E', 'F'));
    assert.equal((await task('task', 'delete', 'D')).title, 'D');
  });

  it('prints the list as { tasks, total, next }', async (context) => {
    const run = cli(context);
    assert.deepEqual(await run.json('task', 'list'), { tasks: [], total: 0, next: null });
    for (const title of ['A', 'B', 'C']) await run.ok('task', 'create', title);
    const page = z.strictObject(taskList.output.shape).parse(await run.json('task', 'list', '--limit', '2'));
    assert.deepEqual([page.tasks.length, page.total, page.next], [2, 3, 2]);
    const last = taskList.output.parse(await run.json('task', 'list', '--limit', '2', '--page', '2'));
    assert.deepEqual([last.tasks.length, last.total, last.next], [1, 3, null]);
  });

  it('prints logs and watched changes as JSON Lines', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A', '--assigned-to', 'SHELL', '--instructions', 'echo one; echo two');
    await run.ok('task', 'start', 'A');
    const watched = lines(await run.ok('task', 'watch', 'A', '--json')).map((line) => followSchema.parse(line));
    assert.ok(watched.some((line) => line.event === 'log' && line.entry.message === 'two'));
    assert.equal(watched.filter((line) => line.event === 'task').at(-1)?.task.status, 'completed');
    const log = lines(await run.ok('task', 'logs', 'A', '--json')).map((line) => logEntrySchema.parse(line));
    assert.ok(log.some((entry) => entry.message === 'one' && entry.type === 'output'));
    assert.deepEqual(lines(await run.ok('task', 'logs', 'A', '--all', '--json')), log);
  });

  it('prints agents, status and worker output', async (context) => {
    const run = cli(context);
    assert.ok(agents.output.parse(await run.json('agents')).agents.some(({ name }) => name === 'SHELL'));
    z.strictObject(status.output.shape).parse(await run.json('status'));
    const words = lines(await run.ok('worker', '--idle-exit', '0', '--json'));
    assert.ok(words.map((line) => workerSchema.parse(line)).some(({ message }) => message.startsWith('Worker')));
  });

  it('prints errors as { error: { code, message, next } } on stdout, and nothing on stderr', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Same');
    await run.ok('task', 'create', 'Same');
    const cases: [code: number, name: string, ...words: string[]][] = [
      [3, 'TaskNotFound', 'task', 'show', '99'],
      [2, 'AmbiguousTask', 'task', 'show', 'Same'],
      [2, 'InvalidInput', 'task', 'list', '--colour'],
      [2, 'InvalidInput', 'nothing'],
      [4, 'IllegalTransition', 'task', 'restart', '1'],
    ];
    for (const [code, name, ...words] of cases) {
      const done = await run(...words, '--json');
      const { error } = errorSchema.parse(JSON.parse(done.stdout));
      assert.deepEqual([done.code, done.stderr, error.code], [code, '', name]);
      if (name === 'AmbiguousTask') assert.equal((error.details as { candidates: unknown[] }).candidates.length, 2);
    }
  });
});
