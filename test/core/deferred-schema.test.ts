import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { deferredSchema } from '../../src/core/deferred-schema.ts';

test('a deferred schema is built on first use, once, and then behaves as the schema', () => {
  let built = 0;
  const task = deferredSchema(() => {
    built += 1;
    return z.object({ title: z.string().describe('What to do.'), number: z.number() });
  });
  const list = deferredSchema(() => z.array(task));
  assert.equal(built, 0);
  assert.deepEqual(list.parse([{ title: 'x', number: 1 }]), [{ title: 'x', number: 1 }]);
  assert.equal(list.safeParse([{ title: 1 }]).success, false);
  assert.deepEqual(Object.keys(task.extend({ done: z.boolean() }).shape), ['title', 'number', 'done']);
  assert.ok(task instanceof z.ZodObject);
  assert.ok('shape' in task);
  assert.deepEqual(z.toJSONSchema(list), z.toJSONSchema(z.array(task.clone())));
  assert.equal(built, 1);
});
