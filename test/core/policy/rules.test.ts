import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { knownOptions } from '../../../src/core/policy/known-options.ts';
import type { PermissionRule } from '../../../src/core/policy/rule.ts';
import { ruleOf } from '../../../src/core/policy/rule-verdict.ts';
import { permissionRuleSchema } from '../../../src/core/policy/rules.ts';
import { standardRules } from '../../../src/core/policy/standard-rules.ts';
import { commandRequest, sessions, trickyCommands } from './rules-corpus.ts';
import { rulesByHand } from './tricky-more.ts';

function verdict(rules: readonly PermissionRule[], command: string): string {
  return ruleOf(rules, commandRequest(command), [])?.verdict ?? 'ask';
}

/** What the agents of the recorded sessions run, and what else the table knows. */
const harmless = [
  ...sessions
    .flatMap(({ calls }) => calls)
    .filter(([{ command }, , danger]) => !danger && command !== undefined)
    .map(([{ command = '' }]) => command),
  ...['git log -n 5 --author=me src', 'git grep -n -e x -- src', 'git commit -qm "a b" src/a.ts', 'git diff -wU3 a b'],
  ...['git branch --list -av', 'git status -uno', 'git blame -L 1,5 src/a.ts', 'git add -A', 'mkdir -p a/b'],
  ...[
    'jest -t x --bail=1',
    'vitest run --reporter=dot',
    'eslint -f json --max-warnings 0 src',
    'tsc --noEmit --pretty',
  ],
  ...['cargo test -p parts -- --nocapture', 'cargo clippy --all-targets -- -D warnings', 'mypy --strict src'],
  ...['go test -run=X -count 1 ./...', 'pytest -xvs -k "a and b" tests/test_a.py', 'ruff check --select E,W src'],
  ...[
    'rg -inC3 -t ts x src',
    'grep -nA2 -e x src/a.ts',
    'head -n20 a.txt',
    'tail -5 a.txt',
    'npm run lint -- --silent',
  ],
].filter((command, at, all) => all.indexOf(command) === at);

describe('rules about commands', () => {
  it('match the form that the settings schema accepts', () => {
    for (const rule of standardRules) assert.deepEqual(permissionRuleSchema.parse(rule), rule);
  });

  it('match none of the tricky commands', () => {
    assert.ok(trickyCommands.length >= 1_300, `${trickyCommands.length}`);
    assert.equal(new Set(trickyCommands).size, trickyCommands.length);
    const written = rulesByHand.map((pattern) => permissionRuleSchema.parse({ allow: 'command', pattern }));
    const rules = [...standardRules, ...written];
    const allowed = trickyCommands.filter((command) => verdict(rules, command) === 'allow');
    assert.deepEqual(allowed, []);
  });

  it('match the commands that people write them for', () => {
    const rules = ['sort *', 'prettier *', 'my-linter --all src a.ts', 'git stash list *'].map((pattern) =>
      permissionRuleSchema.parse({ allow: 'command', pattern }),
    );
    for (const command of ['sort a.txt', 'prettier --check src', 'my-linter --all src a.ts', 'git stash list']) {
      assert.equal(verdict(rules, command), 'allow', command);
    }
  });

  it('answer four of five questions of a real agent in ordinary sessions and allow no dangerous command', () => {
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

  it('reject commands with shell metacharacters', () => {
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

  it('recognize the options of common programs', () => {
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

  it('do not match after an unlisted option is added', () => {
    const known = new Set(Object.values(knownOptions).flatMap((row) => row.match(/(?<=\s|^)--?[\w-]+/g) ?? []));
    const unlisted = fc
      .tuple(
        fc.constantFrom('-', '--'),
        fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,14}$/),
        fc.constantFrom('', '=x', '=1', 'O'),
      )
      .map(([dashes, name, value]) => `${dashes}${name}${value}`)
      // Letters that are written together may all be known, and what follows one may be its value.
      .filter((option) => (option.startsWith('--') ? !known.has(option.replace(/=.*/, '')) : /^-[JKQVY]/.test(option)));
    fc.assert(
      fc.property(fc.constantFrom(...harmless), unlisted, fc.nat(), (command, option, at) => {
        assert.equal(verdict(standardRules, command), 'allow', command);
        const words = command.match(/"[^"]*"|\S+/g) ?? [];
        words.splice(1 + (at % words.length), 0, option);
        assert.notEqual(verdict(standardRules, words.join(' ')), 'allow', words.join(' '));
      }),
      { numRuns: 5_000 },
    );
  });

  it('do not match abbreviated options', () => {
    let tried = 0;
    for (const [program, row] of Object.entries(knownOptions)) {
      const words = row.split(/\s+/).map((token) => token.replace(/\[?=.*/, ''));
      const long = words.filter((word) => word.startsWith('--') && word.length > 4);
      const named = program.replace(/ run$/, ' run build').replace(/ branch$/, ' branch --list');
      const rule = permissionRuleSchema.parse({ allow: 'command', pattern: `${named} *` });
      for (const word of long) {
        for (let end = 3; end < word.length; end += 1) {
          const beginning = word.slice(0, end);
          if (words.includes(beginning)) continue;
          tried += 1;
          for (const option of [beginning, `${beginning}=x`, `${word}x`, word.toUpperCase()]) {
            assert.equal(verdict([rule], `${named} ${option}`), 'ask', `${named} ${option}`);
          }
        }
      }
    }
    assert.ok(tried > 2_000, `${tried}`);
  });

  it('never throw for any command', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void verdict(standardRules, text)));
  });

  it('apply deny before ask, and ask before allow', () => {
    const [allow, ask, deny] = ['allow', 'ask', 'deny'].map((key) =>
      permissionRuleSchema.parse({ [key]: 'command', pattern: 'npm test *' }),
    ) as [PermissionRule, PermissionRule, PermissionRule];
    assert.equal(verdict([allow], 'npm test'), 'allow');
    assert.equal(ruleOf([allow, ask], commandRequest('npm test'), [])?.verdict, 'ask');
    assert.equal(verdict([allow, ask, deny], 'npm test'), 'deny');
  });

  it('do not allow a command that another rule denies or asks about with options between its words', () => {
    const allow = permissionRuleSchema.parse({ allow: 'command', pattern: 'mkdir *' });
    for (const rule of [
      { deny: 'command', pattern: 'mkdir deploy *' },
      { ask: 'command', pattern: 'mkdir deploy' },
    ]) {
      const rules = [allow, permissionRuleSchema.parse(rule)];
      for (const command of ['mkdir -p deploy', 'mkdir -p -v deploy x', 'mkdir deploy -p', 'mkdir Deploy']) {
        assert.notEqual(verdict(rules, command), 'allow', command);
      }
      assert.equal(verdict(rules, 'mkdir build'), 'allow');
      assert.equal(verdict(rules, 'mkdir build deployed'), 'allow');
    }
  });

  it('match the executed command, not the title', () => {
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

  it('allow only if all files match and deny if any file matches', () => {
    assert.equal(write('a'), 'allow');
    assert.equal(write('a', undefined), undefined);
    assert.equal(write(), undefined);
    assert.equal(write('a', 'secrets/x'), 'deny');
    assert.equal(write('Secrets/X'), 'deny');
  });

  it('do not allow a folder in which another rule denies or asks about a file', () => {
    const deep = ['**', 'docs/**', 'src/**/*.ts'].map((pattern) =>
      permissionRuleSchema.parse({ allow: 'read', pattern }),
    );
    const barred = (rule: object): PermissionRule[] => [...deep, permissionRuleSchema.parse(rule)];
    const look = (given: readonly PermissionRule[], toolKind: string, ...places: string[]): string | undefined =>
      ruleOf(given, { toolKind }, places)?.verdict;
    for (const kind of ['search', 'read']) {
      for (const verdictThen of ['deny', 'ask']) {
        const given = barred({ [verdictThen]: 'read', pattern: 'docs/private/**' });
        assert.equal(look(given, kind, './'), undefined, 'the root');
        assert.equal(look(given, kind, 'src/', 'docs/'), undefined);
        assert.equal(look(given, kind, 'Docs/'), undefined);
        assert.equal(look(given, kind, 'docs/private/'), verdictThen);
        assert.equal(look(given, kind, 'docs/private/a.md'), verdictThen);
        assert.equal(look(given, kind, 'docs/open/'), 'allow');
        assert.equal(look(given, kind, 'docs/a.md'), 'allow');
        assert.equal(look(given, kind, 'src/'), 'allow');
      }
      assert.equal(look(barred({ deny: 'read', pattern: '**/*.key.md' }), kind, 'docs/open/'), undefined);
      assert.equal(look(barred({ deny: 'read', pattern: '*.md' }), kind, 'docs/'), 'allow');
      assert.equal(look(barred({ deny: 'read', pattern: '*.md' }), kind, './'), undefined);
      assert.equal(look(barred({ deny: 'write', pattern: 'docs/**' }), kind, 'docs/'), 'allow');
      assert.equal(look(deep, kind, './'), 'allow');
    }
  });

  it('allow a folder only if they cover its whole content', () => {
    const look = (pattern: string, place: string): string | undefined =>
      ruleOf([permissionRuleSchema.parse({ allow: 'read', pattern })], { toolKind: 'search' }, [place])?.verdict;
    for (const pattern of ['src/*', 'src/**/*.ts', 'src/a', 'src/??*', '*/*', 'src/**/a/**']) {
      assert.equal(look(pattern, 'src/'), undefined, pattern);
      assert.equal(look(pattern, 'src/a/'), pattern === 'src/**/a/**' ? 'allow' : undefined, pattern);
    }
    for (const pattern of ['src/**', 'src/', '**', 'src/**/*', '*/**', '**/*'])
      assert.equal(look(pattern, 'src/'), 'allow');
  });

  it('do not allow a search whose options reach beyond the named files', () => {
    const rule = permissionRuleSchema.parse({ allow: 'read', pattern: '**' });
    const look = (toolName: string, input: object): string | undefined =>
      ruleOf([rule], { toolKind: 'search', toolName, files: ['src'], input }, ['src/'])?.verdict;
    assert.equal(look('glob', { path: 'src', pattern: '**/*.ts' }), 'allow');
    for (const pattern of ['../../**', '/etc/**', '~/**', 'a/../../x', '{a,../../b}/**', 'C:/x/**']) {
      assert.equal(look('glob', { path: 'src', pattern }), undefined, pattern);
    }
    assert.equal(look('grep', { path: 'src', pattern: '/api/..' }), 'allow', 'a text that is looked for');
    assert.equal(look('grep', { path: 'src', pattern: 'x', include: '../../*' }), undefined);
    assert.equal(look('grep', { path: 'src', pattern: 'x', paths: ['src', '/etc'] }), undefined);
  });

  it('do not allow a command to read files that another rule denies', () => {
    const given = [...standardRules, permissionRuleSchema.parse({ deny: 'read', pattern: 'docs/private/**' })];
    const run = (command: string, ...places: (string | undefined)[]): string | undefined =>
      ruleOf(given, commandRequest(command), places)?.verdict;
    assert.equal(run('cat docs/private/a', 'docs/private/a'), undefined);
    assert.equal(run('git diff docs', 'docs/'), undefined);
    assert.equal(run('rg x'), undefined);
    assert.equal(run('git grep x'), undefined);
    assert.equal(run('cat docs/a', 'docs/a'), 'allow');
    assert.equal(run('npm test docs/private', 'docs/private/'), 'allow', 'it shows none of them');
    assert.equal(ruleOf(standardRules, commandRequest('rg x'), [])?.verdict, 'allow');
    assert.equal(run('cat link', 'link', undefined), undefined, 'a link out of the folder');
    assert.equal(run('cat link', 'link', '.env'), undefined);
    assert.equal(run('ls link', '.git/'), undefined);
  });

  it('never allow protected configuration and secrets', () => {
    for (const place of [
      '.git/hooks/pre-commit',
      '.systemprompt/config.json',
      '.env',
      'a/.env.local',
      'x/server.key',
      '.aws/x',
      'id_ed25519',
      '.git /hooks/x',
      '.git./hooks/x',
      '.git::$INDEX_ALLOCATION/hooks/x',
      '.g\u200cit/hooks/x',
      'GIT~1/hooks/x',
      'SYSTEM~1/config.json',
      '.ENV.',
      'x/.env:x',
    ]) {
      assert.equal(write(place), undefined, place);
    }
  });
});

describe('the syntax of rules', () => {
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
    it(`rejects ${JSON.stringify(rule)}`, () => assert.equal(permissionRuleSchema.safeParse(rule).success, false));
  }
});
