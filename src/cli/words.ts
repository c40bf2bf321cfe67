import { type CommandEntry, commandTable } from './command-table.ts';
import { groups } from './overview.ts';

/** Options without a value that every command takes. */
const switches = new Set(['--json', '--no-color']);

const valued = new Set(['-C', '--directory', '--as', '--fields', '--jq', '--store']);

/** The words of the command: the first words, before an option that is not global. */
export function commandWords(argv: readonly string[], most = 2): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length && words.length < most; index += 1) {
    const word = argv[index] ?? '';
    if (valued.has(word)) index += 1;
    else if (!word.startsWith('-')) words.push(word);
    else if (!isGlobal(word)) break;
  }
  return words;
}

/** Words of the longest command. */
const MOST_WORDS = 3;

/** The called command, or undefined if none has that name. `task race pick` is not `task race` with a task "pick". */
export function findCommand(argv: readonly string[]): CommandEntry | undefined {
  const words = commandWords(argv, MOST_WORDS);
  const fitting = commandTable.filter((entry) => entry.words.every((word, index) => word === words[index]));
  return fitting.reduce<CommandEntry | undefined>(
    (best, entry) => (best === undefined || entry.words.length > best.words.length ? entry : best),
    undefined,
  );
}

/** Whether a call has no words beyond its command and options that every command takes: it needs no flags. */
export function isBare(argv: readonly string[], entry: CommandEntry): boolean {
  let words = 0;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (valued.has(word)) index += 1;
    else if (!word.startsWith('-')) words += 1;
    else if (!isGlobal(word)) return false;
  }
  return words === entry.words.length;
}

/** The switches of a call that has only its command's words and these; undefined for any other call. */
export function switchesAlone(argv: readonly string[], { words }: CommandEntry): { json: boolean } | undefined {
  const rest = argv.slice(words.length);
  const alone = words.every((word, index) => word === argv[index]) && rest.every((word) => switches.has(word));
  return alone ? { json: rest.includes('--json') } : undefined;
}

/** `help task create` and `task help create` print the same help as `task create --help`. */
export function helpToFlag(argv: readonly string[]): readonly string[] {
  const [first = '', second] = commandWords(argv);
  const asks = first === 'help' || (first in groups && second === 'help');
  if (!asks) return argv;
  const at = argv.indexOf('help');
  return [...argv.slice(0, at), ...argv.slice(at + 1), '--help'];
}

function isGlobal(word: string): boolean {
  return (
    word === '--json' ||
    word === '--no-color' ||
    word.startsWith('--fields=') ||
    word.startsWith('--jq=') ||
    word.startsWith('--store=') ||
    word.startsWith('-C') ||
    word.startsWith('--directory=') ||
    word.startsWith('--as=')
  );
}
