import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onFirstUse } from '../../src/core/on-first-use.ts';

test('loads once for all callers, and not before the first call', async () => {
  let loads = 0;
  const part = onFirstUse(async () => {
    loads += 1;
    return { loads };
  });
  assert.equal(loads, 0);
  const [first, second] = await Promise.all([part(), part()]);
  assert.equal(first, second);
  assert.equal(await part(), first);
  assert.equal(loads, 1);
});

test('a failed load rejects its callers, and the next call repeats it', async () => {
  let loads = 0;
  const part = onFirstUse(async () => {
    loads += 1;
    if (loads === 1) throw new Error('no file');
    return loads;
  });
  const failed = [part(), part()];
  for (const call of failed) await assert.rejects(call, /no file/);
  assert.equal(await part(), 2);
});
