import { pendingApprovals } from '../../core/task/approval.ts';
import { resumeSession, setResumeSession } from '../../core/task/resume-session.ts';
import { claim } from '../../core/task/run.ts';
import type { Lease, TaskRecord } from '../../core/task/schema.ts';
import type { World } from '../../core/task/standing.ts';
import { requestStart } from '../../core/task/start.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { holdByBudget } from '../budget/budget-guard.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import { decide } from './scheduler.ts';

/** The worker that claims, and its execution. */
export interface Claimer {
  readonly lease: Lease;
  readonly executionId: string;
  /** The world as the draft has it. */
  readonly world: World;
  readonly day?: DayBudget | undefined;
}

/**
 * Claims a task in a transaction, after the same decision as the search, on the state of the draft. A task that
 * reached a limit is paused instead.
 *
 * @returns the task with the lease, or undefined if it was not claimed
 */
export function claimTask(
  draft: Draft,
  id: string,
  { lease, executionId, world, day }: Claimer,
): TaskRecord | undefined {
  const task = draft.byId(id);
  if (task === undefined) return undefined;
  const decision = decide(task, world);
  if (decision.do === 'wait') return undefined;
  // An archived dependency can no longer be claimed or change.
  for (const each of task.depends_on) if (draft.byId(each) !== undefined) draft.require(each);
  draft.guardClaims();
  const asked = task.queued_at === undefined ? draft.patch(id, requestStart(task, draft.at)) : task;
  // A task of a playing queue that needs an approval asks for it now.
  if (pendingApprovals(asked).length > 0) return undefined;
  const held = holdByBudget(asked, draft, draft.at, day);
  if (held !== undefined) {
    draft.patch(id, held);
    return undefined;
  }
  const { worker } = lease;
  const execution = { id: executionId, agent: asked.tool, worker, started_at: draft.at };
  draft.log(id, { message: `Started with ${asked.tool}`, metadata: { source: 'worker', worker } });
  const session = sessionToResume(task);
  // Kept until the session is open: a crash before that must not lose it.
  const kept = session === undefined || task.restored !== undefined ? {} : setResumeSession(session);
  return draft.patch(id, { ...claim(asked, lease, execution, draft.at), ...kept });
}

/** The session to resume: of a restored checkpoint, of a failure, or of an interrupted execution. */
export function sessionToResume(task: TaskRecord): string | undefined {
  const last = task.executions.at(-1);
  if (task.restored?.session_id !== undefined) return task.restored.session_id;
  const failed = resumeSession(task);
  if (failed !== undefined) return failed;
  return task.status === 'paused' && last?.outcome === 'interrupted' ? last.session_id : undefined;
}
