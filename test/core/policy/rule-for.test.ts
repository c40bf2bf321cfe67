import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { PermissionRule } from '../../../src/core/policy/rule.ts';
import { type RuleChoice, ruleFor } from '../../../src/core/policy/rule-for.ts';
import { ruleOf } from '../../../src/core/policy/rule-verdict.ts';
import { describeRule, permissionRuleSchema } from '../../../src/core/policy/rules.ts';
import type { Places } from '../../../src/core/policy/tool-request.ts';
import type { ApprovalDetail } from '../../../src/core/task/approval-schema.ts';
import { commandRequest, sessions, trickyCommands } from './rules-corpus.ts';

function patternOf(choice: RuleChoice): string | undefined {
  return choice.rule?.pattern;
}

function forCommand(command: string): string | undefined {
  return patternOf(ruleFor(commandRequest(command), []));
}

function forFiles(toolKind: string, ...places: Places): string | undefined {
  return patternOf(ruleFor({ toolKind, toolName: toolKind }, places));
}

/** Requests of every kind, ordinary and odd ones. */
const requests: fc.Arbitrary<readonly [ApprovalDetail, Places]> = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        'npm',
        'test',
        'git',
        'diff',
        'run',
        'build',
        '--',
        '-v',
        'a.ts',
        '../x',
        '"a b"',
        '*',
        ';',
        'ls',
      ),
      {
        minLength: 1,
      },
    )
    .map((words) => [commandRequest(words.join(' ')), []] as const),
  fc
    .tuple(
      fc.constantFrom('read', 'edit', 'search', 'delete', 'other', 'fetch', 'think'),
      fc.array(
        fc.oneof(
          fc.constant(undefined),
          fc
            .array(fc.constantFrom('src', 'a.ts', 'b.json', '.env', '.git', 'x', 'é', '[id]', 'a*', '.github'), {
              minLength: 1,
            })
            .map((parts) => parts.join('/')),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([toolKind, places]) => [{ toolKind, toolName: 'tool' }, places] as const),
  fc.string().map((toolName) => [{ toolKind: 'other', toolName: `mcp__${toolName}__x` }, []] as const),
);

describe('the rule for a request', () => {
  it('covers that request, or is refused with a reason', () => {
    let written = 0;
    fc.assert(
      fc.property(requests, ([detail, places]) => {
        const choice = ruleFor(detail, places);
        if (choice.rule === undefined) return assert.match(choice.reason, /\S.*\.$/);
        written += 1;
        assert.equal(ruleOf([choice.rule], detail, places)?.verdict, 'allow');
        assert.deepEqual(permissionRuleSchema.parse(JSON.parse(JSON.stringify(choice.rule))), choice.rule);
        assert.equal(choice.text, describeRule(choice.rule));
      }),
      { numRuns: 2_000 },
    );
    assert.ok(written > 100, `${written}`);
  });

  it('covers none of the tricky commands except its own, and that one with a warning', () => {
    const asked = sessions.flatMap(({ calls }) => calls).map(([detail, places]) => ruleFor(detail, places));
    const tricky = trickyCommands.map((text) => [text, ruleFor(commandRequest(text), [])] as const);
    const open = [...asked, ...tricky.map(([, choice]) => choice)]
      .map(({ rule }) => rule)
      .filter((rule) => rule?.pattern?.endsWith(' *') ?? false)
      .filter((rule) => rule !== undefined);
    assert.ok(new Set(open.map(({ pattern }) => pattern)).size > 10);
    const allowed = trickyCommands.filter((text) => ruleOf(open, commandRequest(text), []) !== undefined);
    assert.deepEqual(allowed, []);
    const exact = tricky.filter(([, { rule }]) => rule?.pattern?.endsWith(' *') === false);
    const other = exact.filter(
      ([text, { rule }]) => rule?.pattern !== text.trim().replace(/ +/g, ' ').replaceAll("'", '"'),
    );
    assert.deepEqual(other, []);
    const unwarned = exact.filter(([, choice]) => choice.rule !== undefined && choice.warning === undefined);
    assert.deepEqual(
      unwarned.map(([text]) => text),
      ['make test', 'rake test', 'bun test', 'node --test', 'python -m pytest'],
      'checks by convention',
    );
  });

  it('is proposed once where possible and covers no request that a person must review', () => {
    const calls = sessions.flatMap((session) => session.calls);
    const rules: PermissionRule[] = [];
    const asked = (): number =>
      calls.filter(([detail, places, danger]) => {
        if (ruleOf(rules, detail, places)?.verdict === 'allow') return assert.ok(!danger, JSON.stringify(detail));
        // What has to be seen a person decides once; all else they remember.
        const { rule } = ruleFor(detail, places);
        if (rule !== undefined && !danger) rules.push(rule);
        return true;
      }).length;
    assert.ok(asked() < calls.length / 2, 'already while they are written');
    assert.ok(asked() <= calls.length * 0.2, 'and the next day');
    assert.ok(rules.length < calls.length / 3, `${rules.length} rules`);
  });

  const commands: Readonly<Record<string, string | undefined>> = {
    'npm test': 'npm test *',
    'npm test -- --watch=false': 'npm test *',
    'npm run build': 'npm run build *',
    'npm run deploy': 'npm run deploy',
    'npm publish': 'npm publish',
    'git diff --stat': 'git diff *',
    'git commit -m "Fix a"': 'git commit -m *',
    'git push': 'git push',
    'cat src/a.ts': 'cat *',
    'cat /etc/passwd': undefined,
    pwd: 'pwd',
    'my-linter "src dir"': 'my-linter "src dir"',
    'my-linter "src dir" --all': 'my-linter "src dir" --all',
    'git diff --stat --output=x': 'git diff --stat --output=x',
    'npm test -- --config=x': 'npm test -- --config=x',
    'sudo npm test': 'sudo npm test',
    'CI=1 npm test': undefined,
    'npm test && npm publish': undefined,
    'npm test > log': undefined,
    'echo $(id)': undefined,
    'node x.js': 'node x.js',
    'rm -rf dist': 'rm -rf dist',
    'rm -rf /': undefined,
    'npm run dev': undefined,
    './gradlew test': './gradlew test',
    'make test': 'make test',
  };
  for (const [command, pattern] of Object.entries(commands)) {
    it(`${command}: ${pattern ?? 'none'}`, () => assert.equal(forCommand(command), pattern));
  }

  it('covers files of that kind in that folder, or the one file', () => {
    assert.equal(forFiles('edit', 'src/core/a.ts'), 'src/core/**/*.ts');
    assert.equal(forFiles('edit', 'src/core/a.ts', 'src/b.ts'), 'src/**/*.ts');
    assert.equal(forFiles('edit', 'README.md'), 'README.md');
    assert.equal(forFiles('edit', 'config/a.json'), 'config/a.json');
    assert.equal(forFiles('edit', 'pages/[id].tsx'), 'pages/**/*.tsx');
    assert.equal(forFiles('read', 'src/core/a.ts'), 'src/core/**');
    assert.equal(forFiles('read', 'README.md'), 'README.md');
  });

  it('is refused for files that are outside, hold secrets or configure programs, and for their removal', () => {
    for (const places of [[], [undefined], ['a.ts', undefined], ['src/a.ts', 'test/a.ts'], ['[id].tsx'], ['a*.ts']]) {
      assert.equal(forFiles('edit', ...places), undefined, places.join());
    }
    for (const place of [
      '.git/hooks/x',
      '.env',
      '.github/workflows/ci.yml',
      'package.json',
      'x/vite.config.ts',
      'a/run.sh',
    ]) {
      assert.equal(forFiles('edit', place), undefined, place);
    }
    assert.equal(forFiles('read', 'x/.env.local'), undefined);
    assert.equal(forFiles('delete', 'src/a.ts'), undefined);
  });

  it('is refused for a command with shell syntax or hidden effects', () => {
    const more = { ...commandRequest('npm test'), input: { command: 'npm test', workdir: '/tmp' } };
    assert.equal(ruleFor(more, []).rule, undefined);
    assert.equal(ruleFor({ toolKind: 'execute', command: 'npm test' }, []).rule, undefined);
  });

  it('is refused where a deny or ask rule takes precedence', () => {
    const ask = permissionRuleSchema.parse({ ask: 'command', pattern: 'npm *' });
    const choice = ruleFor(commandRequest('npm test'), [], [ask]);
    assert.match(choice.rule === undefined ? choice.reason : '', /ask command "npm \*" goes before/);
  });

  it('is described as a sentence', () => {
    const says = (rule: object): string => describeRule(permissionRuleSchema.parse(rule));
    assert.equal(
      says({ allow: 'command', pattern: 'npm test *' }),
      'Always allow the command "npm test", also with further arguments that stay in the folder.',
    );
    assert.equal(says({ allow: 'command', pattern: 'pwd' }), 'Always allow exactly the command "pwd".');
    assert.equal(says({ ask: 'command' }), 'Always ask about any command.');
    assert.equal(
      says({ deny: 'write', pattern: 'docs/**' }),
      'Never allow creating and changing files that match "docs/**".',
    );
    assert.equal(says({ allow: 'read', pattern: 'a.md' }), 'Always allow reading the file "a.md".');
    assert.equal(says({ allow: 'mcp:git-hub' }), 'Always allow every tool of the MCP server "git-hub".');
    assert.equal(says({ allow: 'web_search' }), 'Always allow searching and reading the web, any page of it.');
  });
});
