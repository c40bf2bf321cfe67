import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import type { OperationContext } from '../../../src/operations/context.ts';
import type { TaskFolder } from '../../../src/vscode/folders/task-folder.ts';
import { SpecRefinement } from '../../../src/vscode/plans/refinement.ts';
import { type Bench, bench } from '../../operations/context.ts';
import { until } from '../../support/temp-folder.ts';

interface Desk {
  readonly tasks: Bench;
  readonly refinement: SpecRefinement;
  /** Failures in the log. */
  readonly failures: string[];
  /** Lets every later operation fail. */
  readonly close: () => void;
}

async function desk(context: TestContext, changes: Partial<OperationContext> = {}): Promise<Desk> {
  const tasks = await bench(context);
  writeFileSync(join(tasks.store.folder, 'a.md'), '- [ ] Setup\n- [ ] Build\n');
  const failures: string[] = [];
  let isClosed = false;
  const ready = async (): Promise<OperationContext> => {
    if (isClosed) throw new Error('The store is closed.');
    return { ...tasks, ...changes };
  };
  const refinement = new SpecRefinement({
    folder: { path: tasks.store.folder, ready } as unknown as TaskFolder,
    file: 'a.md',
    logger: { ...silentLogger, warn: (_, error) => failures.push(String(error)) },
    choose: async () => 'OPENCODE',
    describe: String,
    changed: () => {},
  });
  context.after(() => refinement.leave());
  const close = (): void => {
    isClosed = true;
  };
  return { tasks, refinement, failures, close };
}

async function startRun({ refinement }: Desk): Promise<void> {
  await refinement.start();
  await until('the agent is asked', () => refinement.task !== undefined);
  assert.equal(refinement.state.state, 'running');
}

test('undoing a refinement cancels the running agent', async (context) => {
  const now = await desk(context);
  const { refinement, tasks } = now;
  await startRun(now);
  assert.equal(await refinement.settle([]), undefined);
  assert.deepEqual(refinement.state, { state: 'none', message: '' });
  assert.equal(tasks.store.resolve('#1').status, 'cancelled');
});

test('creating the tasks of a plan succeeds if the task of the agent cannot be cancelled', async (context) => {
  const now = await desk(context);
  const { refinement, failures } = now;
  await startRun(now);
  now.close();
  await refinement.stop();
  assert.deepEqual(failures, ['Error: The store is closed.']);
  assert.equal(refinement.state.state, 'none');
});

test('a failed cancellation by a person is reported', async (context) => {
  const now = await desk(context);
  await startRun(now);
  now.close();
  await assert.rejects(now.refinement.cancel(), /The store is closed\./);
});

test('a failed cancellation of a task that had no number yet is logged', async (context) => {
  const now = await desk(context, {
    requireConfirmedTasks: async () => {
      await now.refinement.cancel();
      now.close();
    },
  });
  await now.refinement.start();
  await until('the failure is logged', () => now.failures.length > 0);
  assert.deepEqual(now.failures, ['Error: The store is closed.']);
});
