import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { type Flag, flagsOf, integerFlag, switchFlag } from '../../src/cli/flags.ts';
import { inputOf, splitCommas } from '../../src/cli/values.ts';
import { commandWords, findCommand, helpToFlag, isBare, switchesAlone } from '../../src/cli/words.ts';
import { deferredSchema } from '../../src/core/deferred-schema.ts';

function only(schema: z.ZodType): Flag {
  const [flag] = flagsOf(z.strictObject({ someKey: schema }));
  assert.ok(flag);
  return flag;
}

describe('flags from a schema', () => {
  it('have the description of a schema that is built on first use, as in the bundle', () => {
    const flag = only(deferredSchema(() => z.boolean().optional().describe('Shared.')));
    assert.deepEqual([flag.description, flag.type], ['Shared.', 'switch']);
  });

  it('use the name of the key and the outermost description', () => {
    const flag = only(
      z
        .string()
        .describe('Inner.')
        .optional()
        .describe('Outer.')
        .meta({ aliases: ['other'], value: 'x' }),
    );
    assert.deepEqual(
      [flag.name, flag.description, flag.type, flag.aliases, flag.value],
      ['some-key', 'Outer.', 'text', ['other'], 'x'],
    );
  });

  it('support switches, numbers, choices, lists and removable values', () => {
    assert.equal(only(z.boolean().optional()).type, 'switch');
    assert.equal(only(z.number().int().positive().nullable()).type, 'integer');
    assert.equal(only(z.number().positive()).type, 'number');
    assert.equal(only(z.number().nullable().optional()).nullable, true);
    assert.deepEqual(only(z.enum(['a', 'b']).default('a')).choices, ['a', 'b']);
    const list = only(
      z
        .array(z.enum(['a', 'b']))
        .optional()
        .meta({ commas: true }),
    );
    assert.deepEqual([list.list, list.commas, list.choices], [true, true, ['a', 'b']]);
    assert.equal(only(z.union([z.string(), z.number()]).transform(String)).type, 'text');
  });
});

describe('flag values', () => {
  it('are parsed to their types', () => {
    assert.equal(inputOf(integerFlag('n', ''), '15_000'), 15_000);
    assert.equal(inputOf(switchFlag('s', ''), true), true);
    assert.equal(inputOf(only(z.number()), '0.5'), 0.5);
    assert.deepEqual(inputOf(only(z.array(z.string())), ['a,b', 'c']), ['a,b', 'c']);
    assert.deepEqual(inputOf(only(z.array(z.string()).meta({ commas: true })), ['a, b', 'c']), ['a', 'b', 'c']);
    assert.equal(inputOf(only(z.string()), 'none'), 'none');
    assert.equal(inputOf(only(z.string().nullable()), 'none'), null);
    assert.equal(inputOf(only(z.array(z.string()).nullable()), ['none']), null);
    assert.deepEqual(inputOf(only(z.array(z.string()).nullable()), ['none', 'x']), ['none', 'x']);
  });

  it('are rejected with the flag as typed', () => {
    assert.throws(
      () => inputOf(integerFlag('maxIterations', ''), '1.5'),
      /--max-iterations takes a whole number, such as 15000 or 200k, not "1.5"/,
    );
    for (const word of ['', ' ', 'x', '1e999', '0x'])
      assert.throws(() => inputOf(integerFlag('n', ''), word), /--n takes/);
    assert.throws(() => inputOf(only(z.enum(['a', 'b'])), 'c'), /--some-key: "c" is not one of a, b/);
  });

  it('are split at commas, but not inside parentheses', () => {
    assert.deepEqual(splitCommas('file_operations:write(src/**,test/**), web_search,,'), [
      'file_operations:write(src/**,test/**)',
      'web_search',
    ]);
    assert.deepEqual(splitCommas('a),b'), ['a)', 'b']);
  });
});

describe('command words', () => {
  it('are found before and after global options', () => {
    assert.deepEqual(commandWords(['-C', 'task', '--json', 'task', 'list', '--status', 'x']), ['task', 'list']);
    assert.deepEqual(commandWords(['-Cdir', '--as=me', '--as', 'you', 'agents']), ['agents']);
    assert.deepEqual(commandWords(['--unknown', 'task', 'list']), []);
    assert.deepEqual(findCommand(['task', 'follow-up', '3', 'x'])?.words, ['task', 'follow-up']);
    assert.equal(findCommand(['task']), undefined);
    assert.equal(findCommand([]), undefined);
  });

  it('need no flags where only global options stand beside them', () => {
    const entry = findCommand(['task', 'list']) ?? assert.fail();
    for (const words of [
      ['task', 'list'],
      ['-C', 'list', '--json', 'task', 'list', '--as', '--status'],
      ['task', 'list', '-Cdir'],
    ])
      assert.equal(isBare(words, entry), true, words.join(' '));
    for (const words of [
      ['task', 'list', 'x'],
      ['task', 'list', '--help'],
      ['task', 'list', '--limit=3'],
      ['task', 'list', '--'],
    ])
      assert.equal(isBare(words, entry), false, words.join(' '));
  });

  it('need no parser where only switches of every command follow', () => {
    const entry = findCommand(['task', 'list']) ?? assert.fail();
    assert.deepEqual(switchesAlone(['task', 'list'], entry), { json: false });
    assert.deepEqual(switchesAlone(['task', 'list', '--no-color', '--json'], entry), { json: true });
    for (const words of [
      ['--json', 'task', 'list'],
      ['task', 'list', 'x'],
      ['task', 'list', '--help'],
      ['task', 'list', '-C', '.'],
      ['task', 'list', '--json=yes'],
      ['task', 'list', '--'],
    ])
      assert.equal(switchesAlone(words, entry), undefined, words.join(' '));
  });

  it('request help in several ways', () => {
    assert.deepEqual(helpToFlag(['help', 'task', 'create']), ['task', 'create', '--help']);
    assert.deepEqual(helpToFlag(['task', 'help', 'create']), ['task', 'create', '--help']);
    assert.deepEqual(helpToFlag(['task', 'create', 'help']), ['task', 'create', 'help']);
  });
});
