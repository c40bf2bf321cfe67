import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { plainCopy } from '../../src/core/plain-copy.ts';

function shares(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false;
  return (
    one === other || Object.keys(one).some((key) => shares(Reflect.get(one, key), Reflect.get(other as object, key)))
  );
}

it('copies every value of JSON, and shares no part with it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = plainCopy(value);
      assert.equal(JSON.stringify(copy), JSON.stringify(value));
      assert.equal(shares(value, copy), false);
    }),
  );
});

it('copies a key named __proto__ as a key', () => {
  const copy = plainCopy(JSON.parse('{"__proto__":{"a":1}}') as object);
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  assert.equal(JSON.stringify(copy), '{"__proto__":{"a":1}}');
});
