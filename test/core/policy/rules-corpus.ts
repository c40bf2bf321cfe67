import { type PermissionRule, permissionRuleSchema } from '../../../src/core/policy/rules.ts';
import type { Places } from '../../../src/core/policy/tool-request.ts';
import type { ApprovalDetail } from '../../../src/core/task/approval-schema.ts';

/** What a person who works with several languages would allow. */
export const commonRules: readonly PermissionRule[] = [
  ...'npm test *|npm run *|npm ci|pnpm test *|cargo test *|cargo check *|cargo clippy *|go test *|go vet *|pytest *|ruff check *|tsc *|eslint *|vitest *|git status *|git diff *|git log *|git show *|git add *|git commit *|git branch --list *|git blame *|git grep *|git fetch *|ls *|cat *|head *|tail *|wc *|rg *|grep *|pwd|mkdir *|echo *|npx vitest run'
    .split('|')
    .map((pattern) => permissionRuleSchema.parse({ allow: 'command', pattern })),
  permissionRuleSchema.parse({ allow: 'read', pattern: '**' }),
  ...['src/**', 'test/**', 'docs/**'].map((pattern) => permissionRuleSchema.parse({ allow: 'write', pattern })),
  permissionRuleSchema.parse({ deny: 'command', pattern: 'npm publish *' }),
];

export function commandRequest(command: string): ApprovalDetail {
  return { toolKind: 'execute', toolName: 'bash', command, input: { command } };
}

const chained = ['; rm x', ' && rm x', ' || rm x', ' | sh', ' & rm x', '\nrm x', '\r\nrm x', ' $(rm x)', ' `rm x`']
  .concat([' > x', ' >> x', ' < x', ' 2>&1', ' <<E', ' <<< x', ' <(rm x)', ' >(rm x)', ' $X', ' *', ' ?.ts'])
  .concat([
    ' ~/x',
    ' {a,b}',
    ' [ab]',
    ' \\; rm x',
    ' "$(rm x)"',
    ' "`rm x`"',
    ' "$X"',
    " $'\\x3b'",
    ' # x',
    ' !x',
    ' "!x"',
  ])
  .concat([
    ' %PATH%',
    ' ^& rm x',
    '\trm',
    '\u00a0x',
    '\u2028rm x',
    ' \u202ex',
    '\0',
    '\u001b[2J',
    ' "a',
    " 'a",
    ' a"b"c',
    " --x='y'",
  ])
  .concat(['； rm x', ' ＆＆ rm x', ' ｜ sh', ' х', '\u200b', ' "a\nb"', ' (rm x)', ' ; exit']);

const wrapped =
  'sudo |doas |env |env -i |env A=1 |A=1 |PATH=. |xargs |nohup |nice -n 5 |timeout 5 |time |exec |command |builtin |eval |watch |stdbuf -o0 |setsid |busybox |npx |npm exec |npm exec -- |pnpm dlx |bunx |uvx |./|../|/tmp/|~/|"|\'|\\|! |. |source |$X |\u202e|N'
    .split('|')
    .map((wrapper) => `${wrapper}npm test`);

const interpreters =
  `sh -c "npm test"|bash -c "npm test"|bash -lc "npm test"|zsh -c ls|node -e 1|node x.js|nodejs -p 1|python -c 1|python3 x.py|python3.12 -c 1
perl -e 1|ruby -e 1|php -r 1|deno run x|bun x.ts|tsx x.ts|awk 1 x|gawk 1|sed -n 1e x|vim -c q|ssh host ls|curl http://x|wget x|nc x 1|make test|docker run x
find . -exec ls|find . -delete|find . -execdir ls|find .|cmd /c dir|powershell -Command ls|pwsh -c ls|osascript -e x|xargs ls|parallel ls|tee x|dd if=a|chmod 777 x
alias ls=rm|trap x EXIT|set -e|unset X|export A=1|cd ..|rm -rf src|mv a b|cp a b|ln -s a b|kill 1|crontab x|npm publish|npm install x|npm config set x y|npm login
git push|git push --force|git -c alias.status=x status|git -C .. status|git --exec-path=x status|git --git-dir=x log|git config alias.x y|git reset --hard|git clean -fd|git checkout .`
    .split(/[|\n]/)
    .concat([
      'find . -name x -print',
      'go run x',
      'cargo run',
      'cargo install x',
      'pip install x',
      'npx vitest run --config x',
      'npx vitest',
      'Npm test',
      'npm  publish',
    ]);

const options =
  `git diff --ext-diff|git diff --output=x|git diff --output x|git log --output=x|git log -p|git show --textconv|git grep -Ox y|git grep --open-files-in-pager=x y
git fetch --upload-pack=x|git fetch ext::x|git fetch https://x/y|git fetch me@x:y|git add ../x|git add /etc/x|git add .git/config|git commit -C x|git commit --template=x
rg --pre x y|rg --pre=x y|go test -exec x|go test -toolexec x|go vet -vettool=x|cargo test --config x|cargo check --config=x|cargo check --manifest-path ../x
npm test --script-shell=x|npm run x --prefix ..|npm run x --prefix=..|npm test --node-options=x|pytest -p x|pytest -c x|pytest -o x=y|pytest --rootdir=/tmp|eslint --config x
eslint -c x|eslint --rulesdir x|eslint --resolve-plugins-relative-to=x|eslint --fix .|eslint --output-file x|vitest --config x|vitest --config=../x|tsc --outDir ../x|tsc --outDir=/x
cat /etc/passwd|cat ../x|cat a/../../x|cat .env|cat a/.env|cat .ssh/id|cat C:/x|cat .git/config|head -n1 /etc/passwd|tail -f/etc/passwd|ls /|ls ..|mkdir /x|mkdir ../x|mkdir .git/hooks|grep x /etc/passwd
grep -f/etc/passwd x|wc --files0-from=/etc/passwd|echo x > y|rg x ..|cat .systemprompt/config.json|npm run-script x|npm runx|npm tes|npm`.split(
    /[|\n]/,
  );

/** None of these may be allowed by rules such as the common ones. */
export const trickyCommands: readonly string[] = [
  ...chained.map((tail) => `npm test${tail}`),
  ...wrapped,
  ...interpreters,
  ...options,
];

type Call = readonly [detail: ApprovalDetail, places: Places, danger: boolean];

interface Session {
  readonly name: string;
  readonly calls: readonly Call[];
}

/** `$` runs, `r` reads, `w` writes; with `!` before it where a person has to see it. */
function session(name: string, ...lines: string[]): Session {
  const calls = lines.map((line): Call => {
    const [, danger, kind, what = ''] = /^(!?)([$rw]) (.*)$/s.exec(line) ?? [];
    if (kind === '$') return [commandRequest(what), [], danger === '!'];
    const place = what.startsWith('/') || what.startsWith('..') ? undefined : what;
    return [{ toolKind: kind === 'r' ? 'read' : 'edit', files: [what] }, [place], danger === '!'];
  });
  return { name, calls };
}

// Made up after the manner of ordinary work, not recorded.
export const sessions: readonly Session[] = [
  session(
    'fix a test',
    '$ git status',
    '$ npm test',
    'r test/a.test.ts',
    'r src/a.ts',
    'w src/a.ts',
    '$ npm test -- --watch=false',
    '$ git diff',
    '$ git add src/a.ts',
    '$ git commit -m "Fix a"',
  ),
  session(
    'new feature',
    'r README.md',
    '$ ls src',
    '$ rg login src',
    'r src/login.ts',
    'w src/login.ts',
    'w test/login.test.ts',
    '$ npm run build',
    '$ npm run lint',
    '$ npm test',
    '$ git add src test',
    '!$ git push',
  ),
  session(
    'rust',
    '$ cargo check',
    'r src/main.rs',
    'w src/main.rs',
    '$ cargo test --lib',
    '$ cargo clippy',
    'w src/lib.rs',
    '$ cargo test',
    '$ git diff --stat',
    '$ git log --oneline -5',
  ),
  session(
    'go',
    '$ go test ./...',
    'r src/x.go',
    'w src/x.go',
    '$ go vet ./...',
    '$ go test -v ./...',
    '$ git status --short',
    '$ git add src/x.go',
    '$ git commit -m "Handle empty input"',
    '!$ go run ./cmd',
  ),
  session(
    'python',
    '$ pytest -q',
    'r src/app.py',
    'w src/app.py',
    '$ ruff check src',
    '$ pytest -q test/test_app.py',
    '$ git diff',
    'w docs/app.md',
    '$ git status',
    '!$ pip install requests',
  ),
  session(
    'docs',
    'r docs/a.md',
    'r docs/b.md',
    '$ ls -la docs',
    'w docs/a.md',
    'w docs/b.md',
    '$ git diff docs',
    '$ wc -l docs/a.md',
    '$ git add docs',
    '$ git commit -m "Docs: how to start"',
  ),
  session(
    'look around',
    '$ pwd',
    '$ ls',
    '$ git log --oneline -20',
    '$ cat package.json',
    '$ rg -n TODO src',
    '$ head -n 40 src/main.ts',
    'r src/main.ts',
    'r src/util.ts',
    '!r /etc/hosts',
    '$ git blame src/main.ts',
  ),
  session(
    'refactor',
    'r src/a.ts',
    'r src/b.ts',
    'w src/a.ts',
    'w src/b.ts',
    '$ tsc --noEmit',
    '$ npm test',
    '$ git diff --stat',
    '$ mkdir src/parts',
    'w src/parts/c.ts',
    '!$ rm -rf src/old',
  ),
  session(
    'clean up',
    '$ git status',
    '$ npm run lint',
    'w src/x.ts',
    '$ npm run lint',
    '$ npm test',
    '$ git branch --list',
    '!$ git reset --hard',
    '$ git show --stat HEAD',
    '$ git add src/x.ts',
    '$ git commit -m "Tidy"',
  ),
  session(
    'release notes',
    '$ git log --oneline v1.0.0',
    'r CHANGELOG.md',
    'w docs/changes.md',
    '$ git diff v1.0.0 --stat',
    '$ npm test',
    '$ npm run build',
    '$ git add docs/changes.md',
    '$ git commit -m "Notes"',
    '!$ npm publish',
  ),
  session(
    'secrets near by',
    '$ ls',
    'r src/config.ts',
    '!r .env',
    '!w .git/hooks/pre-commit',
    '!w .systemprompt/config.json',
    'w src/config.ts',
    '$ npm test',
    '$ git diff',
    '$ rg apiKey src',
    '$ tsc',
    '$ npm run check',
    '$ git status',
    '$ git add src/config.ts',
    '$ git commit -m "Config"',
  ),
  session(
    'chained',
    'r src/a.ts',
    '!$ npm test && git push',
    '$ npm test',
    'w src/a.ts',
    '$ npm test',
    '!$ npm test | tee log',
    '$ git diff',
    '$ git add src/a.ts',
    '$ git commit -m "A"',
    '$ git status',
    '$ npm run build',
  ),
];
