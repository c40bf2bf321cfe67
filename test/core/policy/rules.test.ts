import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type PermissionRule, permissionRuleSchema, ruleOf } from '../../../src/core/policy/rules.ts';
import { standardRules } from '../../../src/core/policy/standard-rules.ts';
import { commandRequest, sessions, trickyCommands } from './rules-corpus.ts';

function verdict(rules: readonly PermissionRule[], command: string): string {
  return ruleOf(rules, commandRequest(command), [])?.verdict ?? 'ask';
}

describe('rules about commands', () => {
  it('allow none of the tricky commands', () => {
    assert.ok(trickyCommands.length >= 150, `${trickyCommands.length}`);
    assert.equal(new Set(trickyCommands).size, trickyCommands.length);
    const allowed = trickyCommands.filter((command) => verdict(standardRules, command) === 'allow');
    assert.deepEqual(allowed, []);
  });

  it('spare a person four of five questions of a real agent in ordinary sessions, and let nothing dangerous by', () => {
    assert.ok(sessions.length >= 10);
    const all = sessions.flatMap((session) => session.calls);
    assert.ok(all.length > 100);
    const allowed = all.filter(([detail, places]) => ruleOf(standardRules, detail, places)?.verdict === 'allow');
    const dangerous = all.filter(([, , danger]) => danger);
    assert.ok(dangerous.length > 10);
    assert.deepEqual(
      dangerous.filter((call) => allowed.includes(call)),
      [],
    );
    assert.ok(allowed.length >= all.length * 0.8, `${all.length - allowed.length} of ${all.length} are still asked`);
  });

  it('let nothing that a shell gives a meaning to ride along', () => {
    const mean = fc.constantFrom(
      ...'; | & $ ` < > ( ) { } [ ] * ? ! ~ # \\ " % ^ \n \r \t \0 \u00a0 ａ \u202e'.split(' '),
    );
    const words = fc.constantFrom('a', 'b.ts', 'test', 'x');
    fc.assert(
      fc.property(fc.array(words), mean, fc.array(words), (before, char, after) => {
        const command = ['npm', 'test', ...before].join(' ') + char + after.join(' ');
        assert.equal(verdict(standardRules, command), 'ask', JSON.stringify(command));
      }),
    );
  });

  it('know what an option of a common program is for', () => {
    for (const command of [
      'grep -n -i x src/a.ts',
      'grep -inE x src/a.ts',
      'rg -i -e x src',
      'head -c 100 a.txt',
      'ls -lart src',
      'cat -e a.txt',
      'go test -run TestX -count=1 -race ./...',
      'pytest -x -k login',
      'cargo test -p parts',
    ]) {
      assert.equal(verdict(standardRules, command), 'allow', command);
    }
  });

  it('never throw, whatever the command is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void verdict(standardRules, text)));
  });

  it('deny before they ask, and ask before they allow', () => {
    const [allow, ask, deny] = ['allow', 'ask', 'deny'].map((key) =>
      permissionRuleSchema.parse({ [key]: 'command', pattern: 'npm test *' }),
    ) as [PermissionRule, PermissionRule, PermissionRule];
    assert.equal(verdict([allow], 'npm test'), 'allow');
    assert.equal(ruleOf([allow, ask], commandRequest('npm test'), [])?.verdict, 'ask');
    assert.equal(verdict([allow, ask, deny], 'npm test'), 'deny');
  });

  it('go by what is run, not by a title', () => {
    assert.equal(ruleOf(standardRules, { toolKind: 'execute', command: 'npm test' }, []), undefined);
    const input = { command: 'npm test', env: { PATH: '.' } };
    assert.equal(ruleOf(standardRules, { toolKind: 'execute', command: 'npm test', input }, []), undefined);
  });
});

describe('rules about files', () => {
  const rules = [
    permissionRuleSchema.parse({ allow: 'write', pattern: '**' }),
    permissionRuleSchema.parse({ deny: 'write', pattern: 'secrets/**' }),
  ];
  const write = (...places: (string | undefined)[]): string | undefined =>
    ruleOf(rules, { toolKind: 'edit' }, places)?.verdict;

  it('allow when all files are covered, deny when one is', () => {
    assert.equal(write('a'), 'allow');
    assert.equal(write('a', undefined), undefined);
    assert.equal(write(), undefined);
    assert.equal(write('a', 'secrets/x'), 'deny');
    assert.equal(write('Secrets/X'), 'deny');
  });

  it('never open the machinery and secrets', () => {
    for (const place of [
      '.git/hooks/pre-commit',
      '.systemprompt/config.json',
      '.env',
      'a/.env.local',
      'x/server.key',
      '.aws/x',
      'id_ed25519',
    ]) {
      assert.equal(write(place), undefined, place);
    }
  });
});

describe('what can be a rule', () => {
  const wrong: object[] = [
    {},
    { allow: 'command' },
    { allow: 'command', pattern: '*' },
    { allow: 'command', pattern: 'git *' },
    { allow: 'command', pattern: 'sudo *' },
    { allow: 'command', pattern: 'npx *' },
    { allow: 'command', pattern: 'python3.12 *' },
    { allow: 'command', pattern: 'git config *' },
    { allow: 'command', pattern: 'npm test; ls' },
    { allow: 'read', pattern: '../**' },
    { allow: 'read', pattern: '/etc/*' },
    { allow: 'everything' },
    { allow: 'web_search', pattern: 'x' },
    { allow: 'web_search', deny: 'web_search' },
  ];
  for (const rule of wrong) {
    it(`refuses ${JSON.stringify(rule)}`, () => assert.equal(permissionRuleSchema.safeParse(rule).success, false));
  }
});
