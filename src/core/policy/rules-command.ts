import { simpleCommand } from '../tools/command-line.ts';
import { unknownWord } from './command-options.ts';

/** Programs that run what their arguments say: a rule covers only the very words that it has, never more of them. */
const runners = new Set(
  `sudo doas su env xargs parallel nohup nice ionice time timeout stdbuf setsid script watch strace ltrace gdb lldb chroot
  unshare nsenter flock ssh scp sftp rsync curl wget nc ncat socat telnet sh bash zsh fish dash ksh csh tcsh busybox cmd
  powershell pwsh wsl eval exec source command builtin trap alias node nodejs deno bun bunx tsx ts-node python python2
  python3 py pypy perl ruby php lua luajit tclsh r rscript osascript julia java jshell groovy scala awk gawk mawk nawk sed
  ed ex vi vim nvim emacs less more man npx uvx pipx dlx fd entr make gmake docker podman kubectl at batch crontab systemctl
  expect start open xdg-open perf code view nano pico tar zip ssh-agent dd install find tee`.split(/\s+/),
);

/** Programs that do many things: a rule has to say which. */
export const manyInOne = new Set(
  'git hg svn gh glab npm pnpm yarn cargo go dotnet pip pip3 uv poetry gem bundle brew apt apt-get dnf mvn gradle gradlew composer terraform aws gcloud az helm'.split(
    ' ',
  ),
);

/** Second words that make a runner of such a program. */
const runningWords = new Set([
  'exec',
  'x',
  'dlx',
  'config',
  'alias',
  'bisect',
  'filter-branch',
  'submodule',
  'difftool',
  'mergetool',
]);

/** Why a pattern of a command can be no rule; undefined for one that can. */
export function commandPatternProblem(pattern: string): string | undefined {
  const parsed = parse(pattern);
  if (parsed === undefined) return 'is not one simple command, with " *" at its end for any further words';
  const [program = '', second] = parsed.words;
  if (!parsed.open) return undefined;
  if (isRunner(parsed.words)) return `would let ${program} run anything; name the whole command`;
  if (manyInOne.has(program) && second === undefined) return `needs a word after ${program} before the *`;
  return undefined;
}

/** Whether an allowing rule covers the command. */
export function allowsCommand(pattern: string, words: readonly string[]): boolean {
  const parsed = parse(pattern);
  if (parsed === undefined || commandPatternProblem(pattern) !== undefined) return false;
  if (!parsed.open) return words.length === parsed.words.length && begins(words, parsed.words);
  return begins(words, parsed.words) && unknownWord(words, parsed.words.length) === undefined && !isRunner(words);
}

/** Whether a rule that asks or denies is about the command: the same words, and further ones after ` *`. */
export function concernsCommand(pattern: string, words: readonly string[]): boolean {
  const parsed = parse(pattern);
  return parsed !== undefined && begins(words, parsed.words) && (parsed.open || words.length === parsed.words.length);
}

/** Whether such a rule could be about the command: its words are there, with options or others between or behind them. */
export function mayConcernCommand(pattern: string, words: readonly string[]): boolean {
  const wanted = parse(pattern)?.words ?? [];
  let at = 0;
  for (const word of words) if (word.toLowerCase() === wanted[at]?.toLowerCase()) at += 1;
  return wanted.length > 0 && at === wanted.length && words[0] === wanted[0];
}

function parse(pattern: string): { words: readonly string[]; open: boolean } | undefined {
  const open = / \*$/.test(pattern);
  const words = simpleCommand(open ? pattern.slice(0, -2) : pattern);
  return words === undefined ? undefined : { words, open };
}

/** True when the first words are those. */
export function begins(words: readonly string[], first: readonly string[]): boolean {
  return first.every((word, at) => words[at] === word);
}

/** True for a program that runs what its arguments say. */
export function isRunner(words: readonly string[]): boolean {
  const program = (words[0] ?? '').toLowerCase().replace(/\.(exe|cmd|bat|com|ps1)$/, '');
  // python3.12, node22: the name with a version is the program, too.
  if (runners.has(program) || runners.has(program.replace(/[\d.-]+$/, ''))) return true;
  return manyInOne.has(program) && runningWords.has(words[1] ?? '');
}
