import { type CommandEntry, commandTable } from './command-table.ts';
import { groups } from './overview.ts';

const valued = new Set(['-C', '--directory', '--as', '--fields']);

/** The words of the command: all words before the first option that is not global. */
export function commandWords(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length && words.length < 2; index += 1) {
    const word = argv[index] ?? '';
    if (valued.has(word)) index += 1;
    else if (!word.startsWith('-')) words.push(word);
    else if (!isGlobal(word)) break;
  }
  return words;
}

/** The called command, or undefined if none has that name. */
export function findCommand(argv: readonly string[]): CommandEntry | undefined {
  const words = commandWords(argv);
  return commandTable.find((entry) => entry.words.every((word, index) => word === words[index]));
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
    word.startsWith('-C') ||
    word.startsWith('--directory=') ||
    word.startsWith('--as=')
  );
}
