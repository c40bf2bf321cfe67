import { readFileSync } from 'node:fs';
import type { Places } from '../../../src/core/policy/tool-request.ts';
import type { ApprovalDetail } from '../../../src/core/task/approval-schema.ts';
import { moreTricky } from './tricky-more.ts';

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
rg --hostname-bin=x y|rg --hidden KEY|rg -uu KEY|rg -. KEY|rg --no-ignore KEY|rg -L KEY|rg -z KEY|rg --follow KEY|rg KEY -g "*env*"|rg KEY --glob "*env*"|rg KEY --iglob=x|grep --recursive KEY|grep -d recurse KEY .|git grep --no-index KEY|git grep --untracked KEY|grep -r KEY|grep -rn KEY .|grep -R KEY src|grep --dereference-recursive KEY|go test -o x|go test -v=../x|cargo test -Z x|rg --pre x y|rg --pre=x y|go test -exec x|go test -toolexec x|go vet -vettool=x|cargo test --config x|cargo check --config=x|cargo check --manifest-path ../x
npm test --script-shell=x|npm run x --prefix ..|npm run x --prefix=..|npm test --node-options=x|pytest -p x|pytest -c x|pytest -o x=y|pytest --rootdir=/tmp|eslint --config x
eslint -c x|eslint --rulesdir x|eslint --resolve-plugins-relative-to=x|eslint --fix .|eslint --output-file x|vitest --config x|vitest --config=../x|tsc --outDir ../x|tsc --outDir=/x
cat /etc/passwd|cat ../x|cat a/../../x|cat .env|cat a/.env|cat .ssh/id|cat deploy/id_rsa|cat certs/server.key|head .netrc|cat .aws/credentials|tail x/Server.PEM|grep x .envrc|cat C:/x|cat .git/config|head -n1 /etc/passwd|tail -f/etc/passwd|ls /|ls ..|mkdir /x|mkdir ../x|mkdir .git/hooks|grep x /etc/passwd
grep -f/etc/passwd x|wc --files0-from=/etc/passwd|echo x > y|rg x ..|cat .systemprompt/config.json|npm run-script x|npm runx|npm tes|npm`.split(
    /[|\n]/,
  );

/** None of these may be allowed by rules such as the common ones. */
export const trickyCommands: readonly string[] = [
  ...chained.map((tail) => `npm test${tail}`),
  ...wrapped,
  ...interpreters,
  ...options,
  ...moreTricky,
];

type Call = readonly [detail: ApprovalDetail, places: Places, danger: boolean];

/** Sessions of a real agent: what it asked for, recorded from the real program; see `test/support/agent-sessions.ts`. */
export const sessions: readonly { readonly name: string; readonly calls: readonly Call[] }[] = Object.entries(
  JSON.parse(readFileSync(new URL('../../fixtures/agent-sessions/opencode-1.18.33.json', import.meta.url), 'utf8')) as {
    [name: string]: { line: string; detail: ApprovalDetail }[];
  },
).map(([name, requests]) => ({
  name,
  calls: requests.map(({ line, detail }): Call => [detail, placesIn('/work/', detail), line.startsWith('!')]),
}));

/** What `placesOf` finds where no link is in the way. */
function placesIn(folder: string, { files = [], diffs = [] }: ApprovalDetail): Places {
  const all = new Set([...files, ...diffs.map(({ path }) => path)]);
  return [...all].map((file) => (file.startsWith(folder) ? file.slice(folder.length) : undefined));
}
