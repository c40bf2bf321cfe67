import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { planLimits } from '../../src/core/plan/plan.ts';
import { readPlan } from '../../src/formats/plan.ts';

function faultOf(text: string): TaskError {
  try {
    readPlan(text, 'The plan');
  } catch (error) {
    if (TaskError.is(error)) return error;
    throw error;
  }
  assert.fail('the plan was read');
}

test('a fault of a plan keeps the next step, and every issue for programs', () => {
  const { code, message, next } = faultOf(
    JSON.stringify({ items: [{ title: 'Build', labels: Array(1_000).fill('a') }] }),
  );
  assert.equal(code, 'TooLarge');
  assert.match(message, /^The plan, item "Build": labels: /);
  assert.match(next[0]?.label ?? '', /^Shorten it/);
  const { details } = faultOf('project: 3\nitems: [{ title: a, instr: x }]');
  // The command line reports `issues` as faults of its own flags.
  assert.deepEqual(Object.keys(details ?? {}), ['planIssues']);
  const issues = details?.planIssues as readonly { readonly path: string }[];
  assert.deepEqual(
    issues.map(({ path }) => path),
    ['project', 'items.0'],
  );
});

test('too many items, also below an item, have a next step that fits', () => {
  const items = Array.from({ length: planLimits.items + 1 }, () => ({ title: 'a' }));
  for (const [plan, place] of [
    [{ items }, 'The plan'],
    [{ items: [{ title: 'Build', children: items }] }, 'The plan, item "Build"'],
  ] as const) {
    const { code, message, next } = faultOf(JSON.stringify(plan));
    assert.deepEqual([code, message], ['TooLarge', `${place} has more than 10,000 items.`]);
    assert.deepEqual(next, [{ kind: 'text', label: 'Split it into several plans.' }]);
  }
});
