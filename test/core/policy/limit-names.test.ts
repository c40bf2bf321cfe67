import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renameLimits } from '../../../src/core/policy/limit-names.ts';
import { constraintsSchema } from '../../../src/core/task/schema.ts';
import { limitsSchema } from '../../../src/library/resource-constraints.ts';
import { taskFields } from '../../../src/operations/task/fields.ts';

test('limits have a name in every layer', () => {
  const constraints = { max_tokens: 1, max_cost_usd: 2, max_duration_minutes: 3, max_iterations: 4 };
  const library = { maxTokens: 1, maxCostUsd: 2, maxDurationMinutes: 3, maxIterations: 4 };
  const options = { budgetTokens: 1, budgetCost: 2, budgetMinutes: 3, maxIterations: 4 };
  assert.deepEqual(renameLimits(constraints, 'constraint', 'library'), library);
  assert.deepEqual(renameLimits(library, 'library', 'option'), options);
  assert.deepEqual(renameLimits(options, 'option', 'constraint'), constraints);
  // Each layer accepts its names.
  constraintsSchema.parse(constraints);
  limitsSchema.parse(library);
  for (const [name, value] of Object.entries(options)) taskFields[name as keyof typeof options].parse(value);
});

test('other keys and missing limits have no name in another layer', () => {
  const constraints = { max_tokens: undefined, max_iterations: 4, allowed_tools: ['web_search'] };
  assert.deepEqual(renameLimits(constraints, 'constraint', 'library'), { maxIterations: 4 });
});
