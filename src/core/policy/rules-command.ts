import { simpleCommand } from './command-line.ts';
import { isSecretName } from './secret-names.ts';

/** Programs that run what their arguments say: a rule covers only the very words that it has, never more of them. */
const runners = new Set(
  `sudo doas su env xargs parallel nohup nice ionice time timeout stdbuf setsid script watch strace ltrace gdb lldb chroot
  unshare nsenter flock ssh scp sftp rsync curl wget nc ncat socat telnet sh bash zsh fish dash ksh csh tcsh busybox cmd
  powershell pwsh wsl eval exec source command builtin trap alias node nodejs deno bun bunx tsx ts-node python python2
  python3 py pypy perl ruby php lua luajit tclsh r rscript osascript julia java jshell groovy scala awk gawk mawk nawk sed
  ed ex vi vim nvim emacs less more man npx uvx pipx dlx fd entr make gmake docker podman kubectl at batch crontab systemctl
  expect start open xdg-open tar zip ssh-agent dd install find tee`.split(/\s+/),
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

/** Options that run, write or load something else in one program or another. */
const riskyOption =
  /^(-c|-C|-e|-x|-X|-o|-O|-p|-r|-i|-delete|-ok.*|-exec.*|-fprint.*|-fls|-toolexec|-vettool|--(c|config|config-.*|exec.*|eval|require|import|loader|experimental-loader|pre|pre-glob|output.*|ext-diff|textconv|open-files-in-pager.*|upload-pack|receive-pack|git-dir|work-tree|prefix|cwd|dir|directory|script-shell|shell.*|node-options|registry|globalconfig|userconfig|rulesdir|plugin.*|resolve-plugins.*|rsh|compress-program|to-command|checkpoint-action|use-compress-program|command|cmd|run|runner|hook.*|template|global|location|manifest-path|target-dir|init-file|rcfile|setup.*|globalSetup|reporter|reporters|force|hard|fix|hostname-bin|hidden|no-ignore.*|unrestricted|search-zip|follow|dereference.*|recursive|directories.*|glob|iglob|ignore-file|no-index|untracked|no-exclude-standard))$/i;

/**
 * The short options of some programs that are harmless, and no others of theirs, whatever the list above says of their
 * letters. No way into hidden files, through links or into archives is among them, and none that takes a whole folder
 * along.
 */
const ownOptions: Readonly<Record<string, RegExp>> = {
  ls: /^-[A-Za-z1]+$/,
  cat: /^-[A-Za-z]+$/,
  head: /^-[cnqvz]?\d*$/,
  tail: /^-[cfnqvz]?\d*$/,
  wc: /^-[clLmw]+$/,
  grep: /^-[abchilnoqsvwxABCEFGHPTZem0-9]+$/,
  rg: /^-[abcilnopqsvwxABCFHINPSUejmtT0-9]+$/,
  go: /^-(v|race|short|cover|failfast|json|benchmem|run|skip|count|bench|timeout|parallel|shuffle|list|cpu)(=.*)?$/,
  pytest: /^-([vqslx]+|[kmn])$/,
  cargo: /^-(p|j|v|vv|q)$/,
};

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
  return (
    begins(words, parsed.words) &&
    words.slice(parsed.words.length).every((word) => isHarmless(word, words[0])) &&
    !isRunner(words)
  );
}

/** Whether a rule that asks or denies is about the command: the same words, and further ones after ` *`. */
export function concernsCommand(pattern: string, words: readonly string[]): boolean {
  const parsed = parse(pattern);
  return parsed !== undefined && begins(words, parsed.words) && (parsed.open || words.length === parsed.words.length);
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

/** A word that a `*` may stand for: nothing that leads out of the folder or into its own machinery, no risky option. */
export function isHarmless(word: string, program = ''): boolean {
  const [name = '', ...values] = word.split('=');
  // Large and small letters differ here.
  if (Object.hasOwn(ownOptions, program) && /^-[^-]/.test(word)) {
    return ownOptions[program]?.test(word) === true && values.every(staysInside);
  }
  // Short options are also written together, and with their value at once: any letter may be an option.
  if (/^-[^-]/.test(name) && [...name.slice(1)].some((letter) => riskyOption.test(`-${letter}`))) return false;
  if (riskyOption.test(name)) return false;
  return [name.replace(/^-\w/, ''), word, ...values].every(staysInside);
}

function staysInside(text: string): boolean {
  if (/^\/|^~|^[A-Za-z]:|:\/\/|::|^[\w.-]+@/.test(text)) return false;
  return !text
    .split(/[/:,]/)
    .some((part) => part === '..' || /^\.(git|systemprompt)$/i.test(part) || isSecretName(part));
}
