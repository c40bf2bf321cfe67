import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { appendToList } from '../../../src/core/text/json-append.ts';

const rule = { allow: 'command', pattern: 'npm test *' };
const line = '{ "allow": "command", "pattern": "npm test *" }';

describe('appending to a list in a JSON text', () => {
  const cases: Readonly<Record<string, readonly [before: string, after: string]>> = {
    'an empty object': ['{}', `{\n  "rules": [\n    ${line}\n  ]\n}`],
    'other keys': [`{\n  "x": 1\n}\n`, `{\n  "x": 1,\n  "rules": [\n    ${line}\n  ]\n}\n`],
    'a list over lines, in the middle': [
      `{\n\t"rules": [\n\t\t{"deny":"command"}\n\t],\n\t"x" :  [1,2]\n}`,
      `{\n\t"rules": [\n\t\t{"deny":"command"},\n\t\t${line}\n\t],\n\t"x" :  [1,2]\n}`,
    ],
    'an empty list': ['{\n  "rules": []\n}\n', `{\n  "rules": [\n    ${line}\n  ]\n}\n`],
    'a list in one line': ['{ "rules": [{ "ask": "read" }] }', `{ "rules": [{ "ask": "read" }, ${line}] }`],
    'line ends of Windows': ['{\r\n  "x": 1\r\n}\r\n', `{\r\n  "x": 1,\r\n  "rules": [\r\n    ${line}\r\n  ]\r\n}\r\n`],
    'the one that counts of two such keys': ['{"rules": [1], "rules": [2]}', `{"rules": [1], "rules": [2, ${line}]}`],
    'such a key and such brackets in a text and deeper': [
      `{\n  "a": "\\"rules\\": [ ]}",\n  "b": { "rules": [1] },\n  "rules": [\n    1\n  ]\n}`,
      `{\n  "a": "\\"rules\\": [ ]}",\n  "b": { "rules": [1] },\n  "rules": [\n    1,\n    ${line}\n  ]\n}`,
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases)) {
    it(`keeps ${name}`, () => assert.equal(appendToList(before, 'rules', rule), after));
  }

  it('adds the item and changes nothing else, for any text', () => {
    const values = fc.dictionary(
      fc.oneof(fc.constantFrom('rules', 'x'), fc.string({ unit: 'grapheme' })),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(
        values,
        fc.option(fc.array(fc.jsonValue())),
        fc.constantFrom(undefined, 2, '\t'),
        (others, list, space) => {
          const { rules: _, ...rest } = others;
          const value = list === null ? rest : { ...rest, rules: list };
          const text = JSON.stringify(value, null, space);
          const written = JSON.parse(appendToList(text, 'rules', rule));
          assert.deepEqual(written, { ...JSON.parse(text), rules: [...(JSON.parse(text).rules ?? []), rule] });
        },
      ),
    );
  });

  it('rejects a text that has no such list', () => {
    assert.throws(() => appendToList('{ // mine\n}', 'rules', rule), SyntaxError);
    assert.throws(() => appendToList('[]', 'rules', rule), TypeError);
    assert.throws(() => appendToList('{"rules":{}}', 'rules', rule), TypeError);
  });
});
