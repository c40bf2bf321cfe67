import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { parseInput } from '../../../src/core/task/create.ts';
import { taskFilterSchema } from '../../../src/core/task/filter.ts';

test('an invalid value is described in words', () => {
  const schema = z.object({
    many: z.number().positive().optional(),
    share: z.number().min(0).max(100).optional(),
    name: z.string().min(1).max(3).optional(),
    list: z.array(z.string()).max(2).optional(),
    size: z.enum(['small', 'large']).optional(),
  });
  const words = (value: unknown): string => {
    try {
      parseInput(schema, value);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail('it was taken');
  };
  assert.equal(words({ many: 0 }), 'many: must be more than 0');
  assert.equal(words({ share: -1 }), 'share: must be at least 0');
  assert.equal(words({ share: 101 }), 'share: must be at most 100');
  assert.equal(words({ name: '' }), 'name: must not be empty');
  assert.equal(words({ name: 'four' }), 'name: must have at most 3 characters');
  assert.equal(words({ list: ['a', 'b', 'c'] }), 'list: must have at most 2 entries');
  assert.equal(words({ size: 'huge' }), 'size: must be one of small, large');
  assert.throws(() => parseInput(taskFilterSchema, { status: 'done' }), {
    message: /^status: must be one of pending, /,
  });
});
