import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TaskError } from '../../../src/core/errors.ts';
import { type FieldChange, protectedChanges } from '../../../src/core/task/change-record.ts';
import { limits, type TaskRecord } from '../../../src/core/task/schema.ts';
import { taskCancel } from '../../../src/operations/task/cancel.ts';
import { taskComplete } from '../../../src/operations/task/complete.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskRestart } from '../../../src/operations/task/restart.ts';
import { taskStart } from '../../../src/operations/task/start.ts';
import { taskUpdate } from '../../../src/operations/task/update.ts';
import type { TaskStore } from '../../../src/store/task-store.ts';
import { until } from '../../support/temp-folder.ts';
import { type Bench, bench } from '../context.ts';

interface Line {
  readonly by?: string;
  readonly to?: string;
  readonly changes?: readonly FieldChange[];
}

/** The records of a task in its log, in order. */
async function recordsOf(store: TaskStore, id: string): Promise<Line[]> {
  const { entries } = await store.getLogs(id, { limit: 1_000 });
  return entries.filter(({ metadata }) => metadata?.source === 'record').map(({ metadata }) => metadata as Line);
}

const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.option(fc.option(values, { nil: null }), { nil: undefined });

const update = fc
  .record({
    approver: orNull(fc.constantFrom('Ada', 'bob')),
    requiresApproval: fc.option(fc.boolean(), { nil: undefined }),
    budgetTokens: orNull(fc.integer({ min: 1, max: 3 })),
    budgetCost: orNull(fc.integer({ min: 1, max: 3 })),
    budgetMinutes: orNull(fc.integer({ min: 1, max: 3 })),
    maxIterations: orNull(fc.integer({ min: 1, max: 3 })),
    allowedTools: orNull(fc.constantFrom<string[][]>(['web_search'], ['web_search', 'code_execution'])),
    isolation: orNull(fc.constantFrom('worktree' as const, 'none' as const)),
    onComplete: orNull(fc.constantFrom('review' as const, 'merge' as const)),
    review: fc.option(fc.constantFrom('none' as const, 'required' as const), { nil: undefined }),
    tool: fc.option(fc.constantFrom('SHELL', 'OPENCODE'), { nil: undefined }),
    assignedTo: orNull(fc.constantFrom('small-model', 'large-model')),
    priority: fc.option(fc.constantFrom('high' as const, 'low' as const), { nil: undefined }),
    force: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(
    (input) =>
      async ({ run }: Bench, task: string) =>
        run(taskUpdate, { task, ...input }),
  );
const library = fc
  .record({
    tool: fc.constantFrom('SHELL', 'OPENCODE'),
    constraints: fc.constantFrom({}, { max_tokens: 5 }, { max_tokens: 6, custom: ['x'] }),
  })
  .map(
    (input) =>
      async ({ store }: Bench, task: string) =>
        store.updateTask(task, input),
  );
const moves = fc.constantFrom(taskStart, taskCancel, taskComplete, taskRestart).map(
  (operation) =>
    async ({ run }: Bench, task: string) =>
      run(operation as typeof taskCancel, { tasks: [task] }),
);

describe('records of changes', () => {
  it('are written once for each changed protected field and each transition', async (context) => {
    const made = await bench(context);
    const { run, store } = made;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(update, library, moves), { maxLength: 8 }), async (steps) => {
        const { id } = await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true' });
        const changes: FieldChange[] = [];
        let transitions = 0;
        for (const step of steps) {
          const before = store.view.byId(id) as TaskRecord;
          await step(made, id).catch((error) => assert.ok(TaskError.is(error), String(error)));
          const after = store.view.byId(id) as TaskRecord;
          changes.push(...protectedChanges(before, after));
          transitions += after.history.filter((entry) => entry.changes === undefined).length;
          transitions -= before.history.filter((entry) => entry.changes === undefined).length;
        }
        await until('the records are written', async () => {
          const lines = await recordsOf(store, id);
          const fields = lines.flatMap((line) => line.changes ?? []);
          return lines.filter(({ to }) => to !== undefined).length === transitions && fields.length >= changes.length;
        });
        const lines = await recordsOf(store, id);
        assert.deepEqual(
          lines.flatMap((line) => line.changes ?? []),
          changes,
        );
        assert.ok(lines.every(({ by }) => by === made.actor));
        const { history } = store.view.byId(id) as TaskRecord;
        assert.deepEqual(
          history.flatMap((entry) => entry.changes ?? []).map(({ field }) => field),
          changes.map(({ field }) => field),
        );
        assert.ok(history.every(({ by }) => by === made.actor));
      }),
      { numRuns: 60 },
    );
  });

  it('name the user and the change', async (context) => {
    const { run, store } = await bench(context, { actor: 'bob' });
    await run(taskCreate, { title: 'A', tool: 'SHELL', approver: 'bob', budgetCost: 5 });
    const task = await run(taskUpdate, { task: 1, approver: 'eve', budgetCost: null });
    const reason = 'approver: bob → eve; cost limit in US dollars: 5 → none';
    assert.deepEqual(
      task.history.map((entry) => [entry.reason, entry.by]),
      [[reason, 'bob']],
    );
    await until('the log has it', async () => {
      const last = (await store.getTaskLogs(task.id)).at(-1);
      return last?.message === `A${reason.slice(1)}. Changed by bob.`;
    });
  });

  it('name the agents of the phases', async (context) => {
    const { run, store } = await bench(context, { actor: 'bob' });
    const workflow = [
      { agent: 'SHELL', phase: 'build', instructions: 'true' },
      { agent: 'OPENCODE', phase: 'review', model: 'fast' },
    ];
    const { id } = await store.createTask({ title: 'A', workflow });
    const task = await run(taskUpdate, { task: id, tool: 'OPENCODE' });
    assert.deepEqual(
      task.history.map((entry) => [entry.reason, entry.by]),
      [
        [
          'phases: build (SHELL), review (OPENCODE, fast) → build (OPENCODE), review (OPENCODE, fast); agent: SHELL → OPENCODE',
          'bob',
        ],
      ],
    );
  });

  it('name the limits of a phase', async (context) => {
    const { store, run } = await bench(context);
    const design = { agent: 'OPENCODE', phase: 'design', constraints: { allowed_tools: ['web_search'] } };
    const { id } = await store.createTask({ title: 'A', workflow: [design] });
    await run(taskUpdate, { task: id, workflow: [{ agent: 'OPENCODE', phase: 'design' }] });
    const message = store.resolve(id).history.at(-1)?.reason;
    assert.equal(message, 'phases: design (OPENCODE, allowed tools: web_search) → design (OPENCODE)');
  });

  it('allow only the approver to remove or change the approval, unless it is forced', async (context) => {
    const { run, refused } = await bench(context, { actor: 'mallory' });
    await run(taskCreate, { title: 'A', tool: 'SHELL', approver: 'bob' });
    for (const change of [{ approver: 'mallory' }, { approver: null }, { requiresApproval: false }]) {
      await refused(taskUpdate, { task: 1, ...change }, 'NotApprover');
    }
    const task = await run(taskUpdate, { task: 1, requiresApproval: false, approver: null, force: true });
    assert.deepEqual(task.approval, { required: false });
    assert.match(task.history.at(-1)?.reason ?? '', /approver: bob → none \(forced without bob\)/);
    assert.equal(task.history.at(-1)?.by, 'mallory');
  });

  it('move transitions beyond the limit of the task to its log', async (context) => {
    const { store } = await bench(context);
    const { id } = await store.createTask({ title: 'A' });
    const turns = limits.history + 20;
    for (let turn = 0; turn < turns; turn += 1) {
      await store.updateTask(id, { status: turn % 2 === 0 ? 'paused' : 'pending' });
    }
    assert.equal(store.view.byId(id)?.history.length, limits.history);
    await until('the log has every transition', async () => (await recordsOf(store, id)).length === turns);
  });
});
