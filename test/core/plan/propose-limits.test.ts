import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { complexityOf } from '../../../src/core/assess/complexity.ts';
import type { Outcome } from '../../../src/core/assess/outcomes.ts';
import { taskTypeOf } from '../../../src/core/assess/task-type.ts';
import { placedItems, planSchema } from '../../../src/core/plan/plan.ts';
import { proposedLimits } from '../../../src/core/plan/propose-limits.ts';

const title = 'Fix the parser';
const text = { title, description: '', labels: [] };

function outcome(tokens: number, agent = 'OPENCODE'): Outcome {
  const type = taskTypeOf(text).type;
  const complexity = complexityOf({ ...text, acceptance_criteria: [] }).score;
  return { agent, type, complexity, succeeded: true, tokens, cost: 0.05, workMs: 5 * 60_000 } as Outcome;
}

const propose = (items: unknown[], outcomes: readonly Outcome[]): unknown[] => {
  const placed = placedItems(planSchema.parse({ items }));
  const limits = proposedLimits(placed, ({ item }) => item.agent ?? 'OPENCODE', outcomes);
  return placed.map(({ item }) => limits.get(item));
};

describe('limits from similar finished tasks', () => {
  it('leave room above nine of ten of them', () => {
    const outcomes = [1_000, 2_000, 10_000].map((tokens) => outcome(tokens));
    assert.deepEqual(propose([{ key: 'a', title }], outcomes), [
      { max_tokens: 12_000, max_cost_usd: 0.06, max_duration_minutes: 6 },
    ]);
  });

  it('are not proposed without enough tasks of the same agent', () => {
    assert.deepEqual(propose([{ key: 'a', title }], [outcome(1_000), outcome(1_000)]), [undefined]);
    const others = [1, 2, 3].map(() => outcome(1_000, 'CODEX'));
    assert.deepEqual(propose([{ key: 'a', title }], others), [undefined]);
  });

  it('do not replace a limit of the plan or of its group', () => {
    const outcomes = [1, 2, 3].map(() => outcome(1_000));
    const child = { key: 'b', title, constraints: { max_duration_minutes: 99 } };
    const group = { key: 'a', kind: 'group', title: 'G', constraints: { max_tokens: 5 }, children: [child] };
    assert.deepEqual(propose([group], outcomes), [undefined, { max_cost_usd: 0.06 }]);
  });
});
