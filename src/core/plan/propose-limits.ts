import { complexityOf } from '../assess/complexity.ts';
import { estimateOf, type Range } from '../assess/estimate.ts';
import type { Outcome } from '../assess/outcomes.ts';
import { taskTypeOf } from '../assess/task-type.ts';
import type { PlacedItem, PlanItem } from './plan.ts';

/** Limits of a new task. */
export interface ProposedLimits {
  readonly max_tokens?: number;
  readonly max_cost_usd?: number;
  readonly max_duration_minutes?: number;
}

/** Room above nine of ten similar tasks. */
const ROOM = 1.2;

/**
 * Limits for planned tasks from similar finished tasks of the same agent: above nine of ten of them. An item keeps the
 * limits of its plan, and one below a group with a limit shares that one. Without enough similar tasks, nothing is
 * proposed.
 */
export function proposedLimits(
  placed: readonly PlacedItem[],
  agentOf: (each: PlacedItem) => string,
  outcomes: readonly Outcome[],
): ReadonlyMap<PlanItem, ProposedLimits> {
  const limits = new Map<PlanItem, ProposedLimits>();
  const inherited = new Map<PlanItem, ReadonlySet<string>>();
  for (const each of placed) {
    const { item, parent } = each;
    const own = Object.entries(item.constraints ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    const given = new Set([...(parent === undefined ? [] : (inherited.get(parent) ?? [])), ...own]);
    inherited.set(item, given);
    if (item.kind === 'group' || item.workflow !== undefined) continue;
    const text = {
      title: item.title,
      description: item.description ?? '',
      labels: item.labels ?? [],
      ...(item.instructions === undefined ? {} : { instructions: item.instructions }),
    };
    const type = taskTypeOf(text).type;
    const complexity = complexityOf({ ...text, acceptance_criteria: item.acceptance ?? [] }).score;
    const estimate = estimateOf({ agent: agentOf(each), type, complexity }, outcomes);
    if (estimate.basis === 0) continue;
    const found: ProposedLimits = {
      ...limit('max_tokens', estimate.tokens, 1_000),
      ...limit('max_cost_usd', estimate.cost, 0.01),
      ...limit('max_duration_minutes', estimate.minutes, 1),
    };
    const open = Object.entries(found).filter(([key]) => !given.has(key));
    if (open.length > 0) limits.set(item, Object.fromEntries(open));
  }
  return limits;
}

function limit(key: keyof ProposedLimits, range: Range | undefined, step: number): ProposedLimits {
  if (range === undefined || range.high <= 0) return {};
  return { [key]: Number((Math.ceil((range.high * ROOM) / step) * step).toFixed(2)) };
}
