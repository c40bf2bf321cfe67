import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ruleFor } from '../../src/core/policy/rule-for.ts';
import { ruleOf } from '../../src/core/policy/rule-verdict.ts';
import { permissionRuleSchema } from '../../src/core/policy/rules.ts';
import { standardRules } from '../../src/core/policy/standard-rules.ts';
import { commandRequest } from '../core/policy/rules-corpus.ts';
import { neverAllowed } from './data/commands.ts';
import { offers, unknownPrograms } from './data/rule-offers.ts';

const allowed = (command: string): boolean => ruleOf(standardRules, commandRequest(command), [])?.verdict === 'allow';

describe('commands that the policy "standard" must not allow', () => {
  for (const [kind, commands] of Object.entries(neverAllowed)) {
    it(`${kind}: ${commands.length} examples`, () => assert.deepEqual(commands.filter(allowed), []));
  }

  it('excludes ordinary work', () => {
    for (const command of [
      'npm test',
      'vitest run src',
      'git commit -m x',
      'tail -n 5 a.log',
      'npx --no-install tsc --noEmit',
    ]) {
      assert.ok(allowed(command), command);
    }
  });
});

describe('the rules that "always allow" offers', () => {
  for (const [kind, text] of Object.entries(offers)) {
    const commands = text.split(/[|\n]/);
    it(`${kind}: ${commands.length} examples`, () => {
      assert.deepEqual(
        commands.filter((command) => offerFor(command) !== kind).map((command) => `${command}: ${offerFor(command)}`),
        [],
      );
    });
  }

  it('match their own command', () => {
    for (const command of `${offers.open}|${offers.exact}|${offers.warn}`.split(/[|\n]/)) {
      const { rule } = ruleFor(commandRequest(command), []);
      assert.equal(
        rule === undefined ? undefined : ruleOf([rule], commandRequest(command), [])?.verdict,
        'allow',
        command,
      );
    }
  });

  it('are limited for an unknown program', () => {
    const accepted = unknownPrograms.filter(
      (program) => permissionRuleSchema.safeParse({ allow: 'command', pattern: `${program} *` }).success,
    );
    assert.deepEqual(accepted, []);
    assert.match(
      permissionRuleSchema.safeParse({ allow: 'command', pattern: 'hyperfine *' }).error?.issues[0]?.message ?? '',
      /not known to be harmless: name each whole command/,
    );
  });
});

function offerFor(command: string): string {
  const choice = ruleFor(commandRequest(command), []);
  if (choice.rule === undefined) return 'none';
  if (choice.rule.pattern?.endsWith(' *')) return 'open';
  return choice.warning === undefined ? 'exact' : 'warn';
}
