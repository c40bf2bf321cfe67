import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plain } from '../../../src/cli/terminal/style.ts';
import { queueView } from '../../../src/cli/views/queue.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { queuePlay } from '../../../src/operations/queue/play.ts';
import { queueStatus } from '../../../src/operations/queue/status.ts';
import { healthOf } from '../../../src/vscode/metrics/health.ts';
import { type Bench, bench, taken, turnEnded } from '../context.ts';

/** Creates a task, and starts it. */
async function started(on: Bench, title = 'Do it', dependsOn: string[] = []): Promise<TaskRecord> {
  const { id } = await on.store.createTask({ title, tool: 'SHELL', instructions: 'true', dependsOn });
  return on.store.transact('test.start', (draft) => draft.patch(id, { queued_at: draft.at }));
}

async function ended(on: Bench, status: TaskRecord['status']): Promise<void> {
  const { id } = await started(on);
  await on.store.transact('test.end', (draft) => void draft.patch(id, { status, queued_at: undefined }));
}

/** The reason why no task runs: in the command line, and on the metrics page. */
const states: Readonly<Record<string, readonly [(on: Bench) => Promise<unknown>, line: string, page: string]>> = {
  'no task': [async () => {}, 'nothing runs: no task is queued', 'No task is queued.'],
  'a task that nobody started': [
    (on) => on.store.createTask({ title: 'Later' }),
    'nothing runs: no task is queued',
    'No task is queued.',
  ],
  'a started task that has completed': [
    (on) => ended(on, 'completed'),
    'nothing runs: no task is queued',
    'No task is queued.',
  ],
  'a started task that has failed': [
    (on) => ended(on, 'failed'),
    'nothing runs: no task is queued',
    'No task is queued.',
  ],
  'a started task that a person paused': [
    async (on) => {
      const { id } = await started(on);
      await on.store.transact('test.pause', (draft) => {
        draft.patch(id, { status: 'paused', pause_reason: 'person', queued_at: undefined });
      });
    },
    'nothing runs: no task is queued',
    'No task is queued.',
  ],
  'a started task that waits for another one': [
    async (on) => started(on, 'Second', [(await on.store.createTask({ title: 'First' })).id]),
    'nothing runs: every queued task is waiting',
    'Every queued task is waiting.',
  ],
  'a started task without a worker': [
    (on) => started(on),
    'nothing runs: no worker is alive; "systemprompt worker" is one',
    'Ready tasks have no worker yet.',
  ],
  'a task at work': [async (on) => taken(on.store, (await started(on)).id), 'running: #1', ''],
  'an open session': [
    async (on) => turnEnded(on.store, (await taken(on.store, (await started(on)).id)).id),
    'running: #1',
    'No task is queued.',
  ],
  'a playing queue without tasks': [
    (on) => on.run(queuePlay, {}),
    'nothing runs: there is nothing to run',
    'No task is queued.',
  ],
};

describe('the reason why no task runs is true with', () => {
  for (const [name, [prepare, line, page]] of Object.entries(states)) {
    it(name, async (context) => {
      const on = await bench(context);
      await prepare(on);
      const status = await on.run(queueStatus, {});
      const shown = queueView(status, { style: plain, now: () => Date.now() }).split('\n');
      assert.deepEqual([shown[1], healthOf(status).idle], [line, page]);
    });
  }
});
