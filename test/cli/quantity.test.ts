import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeQuantity } from '../../src/cli/quantity.ts';
import { TaskError } from '../../src/core/errors.ts';
import { quantity, type Unit } from '../../src/core/text/quantity.ts';

const numbers: readonly (readonly [string, Unit, number])[] = [
  ['15_000', 'count', 15_000],
  ['10k', 'count', 10_000],
  ['1.5M', 'count', 1_500_000],
  ['-2', 'count', -2],
  ['0.5', 'dollars', 0.5],
  ['$5', 'dollars', 5],
  ['$1.5k', 'dollars', 1_500],
  ['90', 'minutes', 90],
  ['90m', 'minutes', 90],
  ['2h', 'minutes', 120],
  ['1h30m', 'minutes', 90],
  ['1h 30min', 'minutes', 90],
  ['1d', 'minutes', 1_440],
  ['30s', 'minutes', 0.5],
];

for (const [word, unit, number] of numbers) {
  test(`"${word}" (${unit}) is ${number}`, () => assert.equal(quantity(word, unit), number));
}

for (const [word, unit] of [
  ['', 'count'],
  ['ten', 'count'],
  ['10kk', 'count'],
  ['1h30', 'minutes'],
  ['h', 'minutes'],
  ['$', 'dollars'],
  ['$$5', 'dollars'],
] as const) {
  test(`"${word}" (${unit}) is refused`, () => {
    assert.throws(
      () => wholeQuantity('--budget', word, unit, false),
      (error) => TaskError.is(error, 'InvalidInput') && error.message.startsWith('--budget takes'),
    );
  });
}

test('a fraction of a token is refused, a decimal multiple is exact', () => {
  assert.throws(() => wholeQuantity('--budget-tokens', '0.5', 'count', true), /a whole number/);
  assert.equal(wholeQuantity('--budget-tokens', '1.1k', 'count', true), 1_100);
});
