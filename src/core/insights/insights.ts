import { finishedTasks } from '../assess/outcomes.ts';
import type { TaskRecord } from '../task/schema.ts';
import { agentInsights } from './agents.ts';
import { approvalInsights, type RuledRequest } from './approvals.ts';
import { estimateInsights } from './estimates.ts';
import { failureInsights } from './failures.ts';
import { type Insight, insightKinds } from './insight.ts';
import { limitInsights } from './limits.ts';

/**
 * Everything that the tasks teach, by kind, the best supported first. Deterministic, and empty for thin data. Tasks from
 * outside do not count: their records may be forged.
 *
 * @param requests the tool requests of these tasks for which a safe rule exists
 */
export function insightsOf(tasks: Iterable<TaskRecord>, requests: Iterable<RuledRequest>): Insight[] {
  const own = ownTasks(tasks);
  const finished = finishedTasks(own);
  return [
    ...approvalInsights(requests),
    ...limitInsights(own),
    ...agentInsights(finished),
    ...failureInsights(own),
    ...estimateInsights(finished),
  ].sort(
    (a, b) =>
      insightKinds.indexOf(a.kind) - insightKinds.indexOf(b.kind) ||
      b.evidence.supporting - a.evidence.supporting ||
      (a.subject < b.subject ? -1 : 1),
  );
}

/** The tasks that came through this store's journal. */
export function ownTasks(tasks: Iterable<TaskRecord>): TaskRecord[] {
  return [...tasks].filter((task) => task.from_outside !== true);
}
