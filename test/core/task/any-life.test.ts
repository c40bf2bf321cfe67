import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TaskError } from '../../../src/core/errors.ts';
import { pendingApprovals } from '../../../src/core/task/approval.ts';
import { decideApproval, findApproval } from '../../../src/core/task/decide.ts';
import { activeDuration, isTerminal, type TaskPatch, transition } from '../../../src/core/task/lifecycle.ts';
import { isReady } from '../../../src/core/task/ready.ts';
import { requestApproval } from '../../../src/core/task/request.ts';
import { claim, endTurn, interrupt, release } from '../../../src/core/task/run.ts';
import { type TaskRecord, taskRecordSchema, taskStatuses } from '../../../src/core/task/schema.ts';
import { cancel, complete, followUp, takeFollowUp, waitingFollowUps } from '../../../src/core/task/session.ts';
import { requestStart, restart } from '../../../src/core/task/start.ts';
import type { TurnOutcome } from '../../../src/core/task/turn.ts';
import { applyUpdate } from '../../../src/core/task/update.ts';
import { at, executionOf, leaseOf, newTask, nothing, patched } from '../fixtures.ts';

/**
 * People, workers and programs do everything they can do with a task, in any order; what the rules refuse does not
 * happen. The run is the worker's side: it knows only its own execution.
 */
class Life {
  task: TaskRecord;
  now = 0;
  /** The execution of the worker that holds the lease. */
  run: string | undefined;
  private runs = 0;

  constructor(gated: boolean, reviewed: boolean) {
    this.task = newTask({ requiresApproval: gated, review: reviewed ? 'required' : 'none' });
  }

  /** @returns false when the rules refuse it, or there is nothing to do it with */
  step(action: Action, wait: number): boolean {
    this.now += wait;
    try {
      const patch = actions[action](this);
      if (patch === undefined) return false;
      this.task = patched(this.task, patch);
      return true;
    } catch (error) {
      assert.ok(TaskError.is(error), String(error));
      return false;
    }
  }

  get at(): string {
    return at(this.now);
  }

  begin(): string {
    this.runs += 1;
    this.run = `e${this.runs}`;
    return this.run;
  }

  end(): void {
    this.run = undefined;
  }
}

function turn(life: Life, outcome: TurnOutcome, keep: boolean): TaskPatch | undefined {
  const { run, task } = life;
  // A session in which nothing is being done has no turn that could end.
  if (run === undefined || task.status === 'completed_active') return undefined;
  return endTurn(task, run, outcome, keep, life.at);
}

const failure: TurnOutcome = { kind: 'failed', stopReason: 'exit', error: 'exit 3', errorCode: 'ExitCodeNonZero' };

const actions = {
  start: ({ task, at }) => requestStart(task, at),
  restart: ({ task, at }) => restart(task, at),
  cancel: ({ task, at }) => cancel(task, at),
  complete: ({ task, at }) => complete(task, at),
  hold: ({ task, at }) => transition(task, 'paused', { at }),
  retitle: ({ task, at }) => applyUpdate(task, { title: 'Another title', error: null }, at),
  setBack: ({ task, at }) => applyUpdate(task, { status: 'pending' }, at),
  gate: () => ({ approval: { required: true } }),
  approve: ({ task, at }) => decideApproval(task, findApproval(task, undefined), { approve: true, by: 'Ada' }, at),
  reject: ({ task, at }) => decideApproval(task, findApproval(task, undefined), { approve: false, by: 'Ada' }, at),
  prompt: ({ task, at }) => followUp(task, 'more', at),
  claim: (life) => {
    if (!isReady(life.task, nothing)) return undefined;
    return claim(life.task, leaseOf('w1'), executionOf(life.begin()), life.at);
  },
  ask: ({ task, run, at }) => {
    if (run === undefined || task.status !== 'in_progress') return undefined;
    return requestApproval(task, { kind: 'tool', title: 'ls', executionId: run }, at).patch;
  },
  turnDone: (life) => turn(life, { kind: 'completed', stopReason: 'end_turn' }, false),
  turnKept: (life) => turn(life, { kind: 'completed', stopReason: 'end_turn' }, true),
  turnFailed: (life) => turn(life, failure, false),
  turnCancelled: (life) => turn(life, { kind: 'cancelled', stopReason: 'cancelled' }, false),
  takePrompt: ({ task, run, at }) => {
    const [next] = waitingFollowUps(task);
    if (run === undefined || next === undefined || task.status !== 'completed_active') return undefined;
    return takeFollowUp(task, next.id, at);
  },
  releaseTask: (life) => {
    const { run, task } = life;
    if (run === undefined || task.status === 'in_progress') return undefined;
    // Only a run whose turn has ended, or whose task was taken from it, lets go.
    if (task.status === 'paused' && task.started_at !== undefined) return undefined;
    life.end();
    return release(task, run, {}, life.at);
  },
  die: (life) => {
    if (life.run === undefined) return undefined;
    life.end();
    return interrupt(life.task, life.at);
  },
} satisfies Record<string, (life: Life) => TaskPatch | undefined>;

type Action = keyof typeof actions;

const steps = fc.array(
  fc.tuple(fc.constantFrom(...(Object.keys(actions) as Action[])), fc.integer({ min: 0, max: 5_000 })),
  { maxLength: 40, size: 'max' },
);
const lives = { numRuns: 1_000 };

/** Whether a step put an ended task back to the start. */
function resets(action: Action, before: TaskRecord): boolean {
  return (action === 'restart' || action === 'setBack') && isTerminal(before.status);
}

test('any sequence of operations leaves a valid and consistent task', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), steps, (gated, reviewed, all) => {
      const life = new Life(gated, reviewed);
      for (const [action, wait] of all) {
        const before = life.task;
        const worked = activeDuration(before, Date.parse(life.at) + wait);
        const done = life.step(action, wait);
        if (!done) assert.equal(life.task, before);
        checkParts(life);
        const duration = activeDuration(life.task, Date.parse(life.at));
        assert.equal(duration, done && resets(action, before) ? 0 : worked, 'work is counted once');
        seen.add(life.task.status);
      }
    }),
    lives,
  );
  assert.deepEqual([...seen].sort(), [...taskStatuses].sort(), 'every status was reached');
});

test('an accepted start leads to a claimable task or to a question that a person can answer', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), steps, (gated, reviewed, all) => {
      const life = new Life(gated, reviewed);
      for (const [action, wait] of all) life.step(action, wait);
      if (life.run !== undefined) life.step('die', 0);
      if (!life.step('start', 1) && !life.step('restart', 1)) return;
      assert.ok(canGoOn(life.task), `${life.task.status} (${life.task.pause_reason})`);
      while (life.step('approve', 1)) assert.ok(canGoOn(life.task), 'after an approval');
    }),
    lives,
  );
});

test('a gated task is claimed only after an approval since its last restart', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const life = new Life(true, false);
      let approved = false;
      for (const [action, wait] of all) {
        const before = life.task;
        const gate = before.approvals.find((approval) => approval.kind === 'gate' && approval.status === 'pending');
        if (!life.step(action, wait)) continue;
        if (action === 'approve' && gate !== undefined) approved = true;
        if (resets(action, before)) approved = false;
        if (action === 'claim') assert.ok(approved, 'it was claimed without an approval');
      }
    }),
    lives,
  );
});

function canGoOn(task: TaskRecord): boolean {
  return isReady(task, nothing) || (task.pause_reason === 'approval' && pendingApprovals(task).length > 0);
}

function checkParts({ task, run }: Life): void {
  const parsed = taskRecordSchema.safeParse(task);
  assert.ok(parsed.success, parsed.error?.message);
  if (task.status === 'failed') assert.ok(task.error?.trim() && task.error_code?.trim());
  assert.equal(task.completed_at !== undefined, isTerminal(task.status), 'completed_at');
  assert.equal(task.active_since !== undefined, task.status === 'in_progress', 'active_since');
  assert.equal(task.pause_reason !== undefined, task.status === 'paused', 'pause_reason');
  assert.equal(task.lease !== undefined, run !== undefined, 'a lease while a worker has it');
  assert.ok(task.status !== 'in_progress' || task.lease !== undefined, 'nothing is in progress without a lease');
  if (isTerminal(task.status)) assert.equal(pendingApprovals(task).length, 0, 'an ended task asks nothing');
  if (task.lease === undefined) {
    assert.ok(
      task.executions.every((execution) => execution.ended_at !== undefined),
      'no execution without a worker',
    );
    assert.ok(
      pendingApprovals(task).every((approval) => approval.kind === 'gate'),
      'nobody waits for an answer about a tool',
    );
  }
  task.history.forEach((change, index) => {
    assert.equal(change.from, index === 0 ? 'pending' : task.history[index - 1]?.to, 'the history has no gap');
  });
}
