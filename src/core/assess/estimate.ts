import { type Outcome, similarity } from './outcomes.ts';
import type { TaskType } from './task-type.ts';

/** An expected value with the range of similar tasks: 10 % were below `low`, 10 % above `high`. */
export interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Estimate {
  readonly tokens: Range | undefined;
  /** US dollars. */
  readonly cost: Range | undefined;
  readonly minutes: Range | undefined;
  /** Number of similar finished tasks; 0 for an estimate from complexity alone. */
  readonly basis: number;
}

/** With fewer, the estimate comes from complexity alone. */
const MIN_BASIS = 3;
const MIN_SIMILARITY = 0.25;

/**
 * The expected spend of a task, from similar finished tasks of the same agent. Without enough of them, from the
 * complexity alone: 4,000 to 250,000 tokens and 2 to 60 minutes, with a wide range. No cost is guessed.
 */
export function estimateOf(
  task: { readonly agent: string; readonly type: TaskType; readonly complexity: number },
  outcomes: readonly Outcome[],
): Estimate {
  const similar = outcomes
    .filter((outcome) => outcome.agent === task.agent && outcome.succeeded)
    .map((outcome) => ({ outcome, weight: similarity(outcome, task.type, task.complexity) }))
    .filter(({ weight }) => weight >= MIN_SIMILARITY);
  if (similar.length < MIN_BASIS) return { ...fromComplexity(task.complexity, task.agent), basis: 0 };
  const range = (pick: (outcome: Outcome) => number | undefined): Range | undefined => {
    const known = similar.flatMap(({ outcome, weight }) => {
      const value = pick(outcome);
      return value === undefined ? [] : [{ value, weight }];
    });
    return known.length < MIN_BASIS ? undefined : rangeOf(known);
  };
  return {
    tokens: range(({ tokens }) => tokens),
    cost: range(({ cost }) => cost),
    minutes: range(({ workMs }) => workMs / 60_000),
    basis: similar.length,
  };
}

/** Weighted 10th, 50th and 90th percentiles. */
function rangeOf(values: { readonly value: number; readonly weight: number }[]): Range {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const at = (share: number): number => {
    let sum = 0;
    for (const { value, weight } of sorted) {
      sum += weight;
      if (sum >= share * total - 1e-9) return value;
    }
    return sorted.at(-1)?.value ?? 0;
  };
  return { low: at(0.1), expected: at(0.5), high: at(0.9) };
}

function fromComplexity(score: number, agent: string): Pick<Estimate, 'tokens' | 'cost' | 'minutes'> {
  // A script calls no model, and its time does not depend on the length of its text.
  if (agent === 'SHELL') return { tokens: undefined, cost: undefined, minutes: undefined };
  const grow = (least: number, most: number): Range => {
    const expected = least * (most / least) ** score;
    return { low: expected / 3, expected, high: expected * 3 };
  };
  return { tokens: grow(4_000, 250_000), cost: undefined, minutes: grow(2, 60) };
}
