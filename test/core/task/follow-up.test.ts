import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textStep } from '../../../src/core/next-step.ts';
import { activeDuration, type TaskPatch } from '../../../src/core/task/lifecycle.ts';
import { isReady } from '../../../src/core/task/ready.ts';
import { claim, endTurn, interrupt, release } from '../../../src/core/task/run.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import {
  complete,
  followUp,
  isFinishedResult,
  pause,
  requestChanges,
  takeFollowUp,
  waitingFollowUps,
} from '../../../src/core/task/session.ts';
import { requestStart, resumeFailed } from '../../../src/core/task/start.ts';
import type { TurnOutcome } from '../../../src/core/task/turn.ts';
import { at, executionOf, leaseOf, newTask, nothing, patched, refusal } from '../fixtures.ts';

type Step = (task: TaskRecord) => TaskPatch;

function after(task: TaskRecord, ...steps: Step[]): TaskRecord {
  return steps.reduce((current, step) => patched(current, step(current)), task);
}

const done: TurnOutcome = { kind: 'completed', stopReason: 'end_turn', result: 'All done', end: { exitCode: 0 } };
const crash: TurnOutcome = {
  kind: 'failed',
  stopReason: 'exit',
  error: 'It ended with 3.',
  errorCode: 'ExitCodeNonZero',
  next: [textStep('See its log.')],
  end: { exitCode: 3 },
};

const run: Step = (task) => claim(task, leaseOf('w1'), executionOf('e1'), at(1_000));
const turn =
  (outcome: TurnOutcome, keep = false, ms = 4_000): Step =>
  (task) =>
    endTurn(task, 'e1', outcome, keep, at(ms));
const releaseTask: Step = (task) => release(task, 'e1', {}, at(6_000));

const queued = patched(newTask(), requestStart(newTask(), at(0)));
const running = after(queued, run);

describe('a follow-up', () => {
  const talking = { ...running, tool: 'OPENCODE' } as TaskRecord;
  const open = after(talking, turn(done, true));
  const die: Step = (task) => interrupt(task, at(6_000));

  test('waits for the worker, and then starts a turn (F34)', () => {
    const asked = after(open, (task) => followUp(task, 'Add tests', at(5_000)));
    const [prompt] = waitingFollowUps(asked);
    assert.equal(prompt?.prompt, 'Add tests');
    const working = after(asked, (task) => takeFollowUp(task, prompt?.id ?? '', at(5_500)));
    assert.deepEqual([working.status, waitingFollowUps(working).length], ['in_progress', 0]);
    const again = after(working, turn({ ...done, result: 'Tests added' }, true, 7_000));
    assert.deepEqual([again.status, again.result], ['completed_active', 'Tests added']);
    assert.equal(activeDuration(again, 0), 4_500);
  });

  test('waits for the end of a running turn, and precedes the question of the agent (F209)', () => {
    const asked = after(talking, (task) => followUp(task, 'Use the new API', at(2_500)));
    assert.deepEqual([asked.status, waitingFollowUps(asked).length], ['in_progress', 1]);
    const question = { title: 'Which API?', message: 'Which API?' };
    const ended = after(asked, (task) => endTurn(task, 'e1', done, true, at(3_000), question));
    assert.deepEqual([ended.status, ended.approvals.length], ['completed_active', 0]);
  });

  test('resumes a paused task and the session that was closed, and outlives a failure (F209)', () => {
    const paused = after(talking, (task) => pause(task, at(2_500)), turn(done), releaseTask);
    const resumed = after(paused, (task) => followUp(task, 'Use the new API', at(5_000)));
    assert.deepEqual([resumed.status, resumed.queued_at], ['paused', at(5_000)]);

    const waiting = { ...after(open, releaseTask), review: 'required' } as TaskRecord;
    const reopened = after(waiting, (task) => followUp(task, 'More', at(5_000)));
    assert.deepEqual([reopened.status, reopened.queued_at], ['paused', at(5_000)]);
    assert.ok(isReady(reopened, nothing));

    const failed = after(talking, (task) => followUp(task, 'More', at(2_500)), turn(crash), releaseTask);
    assert.equal(waitingFollowUps(after(failed, (task) => resumeFailed(task, at(5_000)))).length, 1);
  });

  test('is sent by the next worker if the session closes before it', () => {
    const asked = after(open, (task) => followUp(task, 'Add tests', at(5_000)));
    for (const lost of [after(asked, releaseTask), after(asked, die)]) {
      assert.deepEqual([lost.status, lost.lease, waitingFollowUps(lost).length], ['paused', undefined, 1]);
      assert.ok(isReady(lost, nothing));
    }
  });

  test('continues a completed task in its session; its gate stays open and its result is kept', () => {
    const session = {
      ...open,
      executions: open.executions.map((each) => ({ ...each, session_id: 's1' })),
    } as TaskRecord;
    const completed = after(session, releaseTask, (task) => complete(task, at(4_000)));
    const approved = { kind: 'gate', status: 'approved', id: 'g', number: 1, title: 'Start', requested_at: at(0) };
    const gated = { ...completed, approval: { required: true }, approvals: [approved] } as unknown as TaskRecord;
    const asked = after(gated, (task) => followUp(task, 'Add tests', at(5_000)));
    assert.deepEqual(
      [asked.status, asked.queued_at, asked.resume_session_id, asked.result, asked.active_ms],
      ['pending', at(5_000), 's1', completed.result, completed.active_ms],
    );
    assert.equal(waitingFollowUps(asked).length, 1);
    assert.ok(isReady(asked, nothing));
  });

  test('goes to the agent whose work a review accepted', () => {
    const workflow = [
      { phase: 'implement', agent: 'OPENCODE' },
      { phase: 'review', agent: 'CODEX' },
    ];
    const executions = [
      { id: 'e1', agent: 'OPENCODE', session_id: 's1', step: 0, started_at: at(0), outcome: 'completed' },
      { id: 'e2', agent: 'CODEX', session_id: 's2', step: 1, started_at: at(1), outcome: 'completed' },
    ];
    const base = { ...talking, status: 'completed', lease: undefined, tool: 'CODEX', step: 1, workflow, executions };
    const asked = after(base as unknown as TaskRecord, (task) => followUp(task, 'Rename it', at(5_000)));
    assert.deepEqual([asked.step, asked.tool, asked.resume_session_id], [0, 'OPENCODE', 's1']);
  });

  test('requests changes to a result that is neither merged nor discarded', () => {
    const workspace = { kind: 'worktree', path: '.systemprompt/worktrees/1-a', branch: 'systemprompt/1-a' };
    const completed = after(open, releaseTask, (task) => complete(task, at(4_000)));
    const result = { ...completed, workspace } as unknown as TaskRecord;
    assert.ok(isFinishedResult(open) && isFinishedResult(completed) && isFinishedResult(result));
    const merged = { ...result, workspace: { ...workspace, merged_at: at(0) } } as unknown as TaskRecord;
    assert.ok(!isFinishedResult(merged) && !isFinishedResult(talking));
    assert.match(requestChanges(result, 'Rename it', at(5_000)).follow_ups?.[0]?.prompt ?? '', /Rename it/);
    refusal(() => requestChanges(result, ' ', at(5_000)), 'InvalidInput');
  });

  test('needs text and a session', () => {
    refusal(() => followUp(open, ' \n', at(1)), 'InvalidInput');
    refusal(() => followUp({ ...talking, lease: undefined } as unknown as TaskRecord, 'x', at(1)), 'SessionClosed');
    refusal(() => followUp(running, 'x', at(1)), 'SessionClosed');
    assert.match(
      JSON.stringify(refusal(() => followUp(after(running, turn(done)), 'x', at(1)), 'SessionClosed').next),
      /Restart/,
    );
  });
});
