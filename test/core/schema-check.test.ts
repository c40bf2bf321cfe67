import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { quickCheck } from '../../src/core/schema-check.ts';
import type { Shape } from '../../src/core/schema-shape.ts';
import { recordShape } from '../../src/core/task/record-shape.ts';
import { taskRecordSchema } from '../../src/core/task/schema.ts';
import { at, taskWith } from './fixtures.ts';

const full = taskWith({
  pause_reason: 'approval',
  instructions: 'do it',
  labels: ['a', 'b'],
  metadata: { count: 1, deep: { list: [1, { x: null }] } },
  constraints: { max_cost_usd: 1.5 },
  usage: { input_tokens: 3 },
  progress: 50,
  follow_ups: [{ prompt: 'more', at: at(1) }],
  history: [{ from: 'pending', to: 'in_progress', at: at(0) }],
  workspace: { kind: 'worktree', path: 'x', branch: 'y', base: 'z' },
} as never);

/** Every place in a value, by the keys that lead to it. */
function places(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]))];
}

function put(root: unknown, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone({ root }) as Record<string, unknown>;
  let at = copy;
  const keys = ['root', ...path];
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1) ?? 'root'] = value;
  return copy['root'];
}

describe('the quick schema check', () => {
  // As the build stores it.
  const quick = quickCheck(taskRecordSchema, JSON.parse(JSON.stringify(recordShape)) as Shape);
  const paths = [...places(full), ...Object.keys(taskRecordSchema.shape).map((key) => [key])];

  it('accepts a task', () => {
    assert.ok(quick(taskWith({})));
    assert.ok(quick(JSON.parse(JSON.stringify(full))) || !taskRecordSchema.safeParse(full).success);
  });

  it('agrees with the schema for a task with any value in any place', () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(undefined, -1, 0, 1, 0.5, 101, 2 ** 53, 1e308, '', '../x', [], {}, null, [[]], true),
      fc.constantFrom(600, 10_000, 2_000_000).map((length) => 'x'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, fc.constantFrom(full, taskWith({})), (path, value, task) => {
        let changed: unknown;
        try {
          changed = put(task, path, value);
        } catch {
          return;
        }
        assert.equal(quick(changed), taskRecordSchema.safeParse(changed).success, path.join('.'));
      }),
      { numRuns: 3_000 },
    );
  });

  it('defers unsupported schemas to the schema itself', () => {
    const small = z.looseObject({ name: z.string().refine((name) => name !== 'no'), at: z.iso.datetime() });
    const check = quickCheck(small);
    assert.ok(check({ name: 'yes', at: '2026-01-01T00:00:00Z', more: 1 }));
    assert.ok(!check({ name: 'no', at: '2026-01-01T00:00:00Z' }));
    assert.ok(!check({ name: 'yes', at: 'today' }));
    assert.ok(!quickCheck(z.strictObject({ a: z.number() }))({ a: 1, b: 2 }));
    assert.ok(!quickCheck(z.array(z.enum(['a', 'b'])).max(1))(['a', 'b']));
    assert.ok(!quickCheck(z.looseObject({ a: z.number() }))(new Map([['a', 1]])));
    const patterns = quickCheck(z.looseObject({ a: z.string().regex(/^a/).regex(/z$/) }));
    assert.deepEqual([patterns({ a: 'az' }), patterns({ a: 'a' }), patterns({ a: 'z' })], [true, false, false]);
  });
});
