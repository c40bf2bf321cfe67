import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepLines } from '../../src/cli/views/next-step.ts';
import { TaskError } from '../../src/core/errors.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { taskStatuses } from '../../src/core/task/values.ts';
import { operations } from '../../src/operations/all.ts';
import { at, leaseOf } from '../core/fixtures.ts';
import { type Bench, bench } from '../operations/context.ts';
import { golden } from './golden.ts';

const actions = {
  start: (tasks: Bench, id: string) => operations['task.start'].run(tasks, { tasks: [id] }),
  pause: (tasks: Bench, id: string) => operations['task.pause'].run(tasks, { tasks: [id] }),
  resume: (tasks: Bench, id: string) => operations['task.resume'].run(tasks, { tasks: [id] }),
  'follow-up': (tasks: Bench, id: string) => operations['task.follow-up'].run(tasks, { task: id, prompt: 'More' }),
  complete: (tasks: Bench, id: string) => operations['task.complete'].run(tasks, { tasks: [id] }),
  cancel: (tasks: Bench, id: string) => operations['task.cancel'].run(tasks, { tasks: [id] }),
  restart: (tasks: Bench, id: string) => operations['task.restart'].run(tasks, { tasks: [id] }),
};

/** The result of an action in the words of the command line. */
async function words(run: () => Promise<unknown>): Promise<string[]> {
  try {
    await run();
    return ['done'];
  } catch (error) {
    assert.ok(TaskError.is(error, 'IllegalTransition', 'SessionClosed'), String(error));
    return [error.message, ...stepLines(error.next).map((line) => `  ${line}`)];
  }
}

test('every action in every status either works or names a command that helps', async (context) => {
  const tasks = await bench(context);
  const { id } = await tasks.store.createTask({ title: 'One', tool: 'SHELL', instructions: 'true' });
  const text: string[] = [];
  for (const status of taskStatuses) {
    for (const [action, run] of Object.entries(actions)) {
      const live = status === 'in_progress' || status === 'completed_active';
      const fields: Partial<TaskRecord> = {
        status,
        ...(status === 'pending' ? {} : { started_at: at(0) }),
        ...(status === 'paused' ? { pause_reason: 'person' } : {}),
        ...(live ? { lease: leaseOf('w1') } : {}),
      };
      const none = { pause_reason: undefined, started_at: undefined, queued_at: undefined, completed_at: undefined };
      await tasks.store.transact(
        'test',
        (draft) => void draft.patch(id, { ...none, lease: undefined, error: undefined, ...fields }),
      );
      text.push(`${status}: ${action}`, ...(await words(() => run(tasks, id))).map((line) => `  ${line}`), '');
    }
  }
  assert.ok(!text.some((line) => /become/.test(line)));
  golden('refused-actions', text.join('\n'));
});
