import { estimateOf } from '../assess/estimate.ts';
import type { FinishedTask, Outcome } from '../assess/outcomes.ts';
import type { TaskType } from '../assess/task-type.ts';
import { textStep } from '../next-step.ts';
import { grouped, type Insight, latestTasks, MIN_CASES, medianOf } from './insight.ts';

const measures = ['minutes', 'tokens'] as const;
type Measure = (typeof measures)[number];

/** The actual value of a task divided by its estimate. */
interface Ratio {
  readonly task: number;
  readonly type: TaskType;
  readonly measure: Measure;
  readonly factor: number;
}

/** A smaller error is usual. */
const OFF = 1.5;
/** Each estimate reads all earlier outcomes, so that only the latest tasks are estimated again. */
const LATEST = 200;

/** Types of work whose estimates are off by half or more. An estimate uses only the tasks that ended earlier. */
export function estimateInsights(finished: Iterable<FinishedTask>): Insight[] {
  const insights: Insight[] = [];
  for (const group of grouped(ratiosOf(finished), ({ type, measure }) => `${type} ${measure}`).values()) {
    const [first] = group;
    const factor = medianOf(group.map((one) => one.factor));
    if (first === undefined || factor === undefined || group.length < MIN_CASES) continue;
    if (factor < OFF && factor > 1 / OFF) continue;
    const { type, measure } = first;
    const over = factor >= OFF;
    const supporting = group.filter((one) => (over ? one.factor >= OFF : one.factor <= 1 / OFF));
    const times = factor.toPrecision(2);
    insights.push({
      kind: 'estimates',
      subject: `${measure}, type ${type}`,
      message: `Tasks of type ${type} used ${times} times the estimated ${measure} (median of ${group.length}).`,
      evidence: {
        cases: group.length,
        supporting: supporting.length,
        factor,
        tasks: latestTasks(supporting.map(({ task }) => task)),
      },
      next: textStep(`Multiply the estimated ${measure} of the next one by ${times}.`),
    });
  }
  return insights;
}

function ratiosOf(finished: Iterable<FinishedTask>): Ratio[] {
  const ordered = [...finished].sort((a, b) => endOf(a) - endOf(b) || a.task.number - b.task.number);
  const outcomes = ordered.map(({ outcome }) => outcome);
  const from = Math.max(0, ordered.length - LATEST);
  return ordered.slice(from).flatMap(({ task, outcome }, index) => {
    if (!outcome.succeeded) return [];
    const estimate = estimateOf(outcome, outcomes.slice(0, from + index));
    return measures.flatMap((measure): Ratio[] => {
      const [actual, expected] = [actualOf(outcome, measure), estimate[measure]?.expected ?? 0];
      if (actual === undefined || actual <= 0 || expected <= 0) return [];
      return [{ task: task.number, type: outcome.type, measure, factor: actual / expected }];
    });
  });
}

function endOf({ task }: FinishedTask): number {
  return Date.parse(task.completed_at ?? task.updated_at);
}

function actualOf({ workMs, tokens }: Outcome, measure: Measure): number | undefined {
  return measure === 'minutes' ? workMs / 60_000 : tokens;
}
