import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Command } from '../command.ts';
import { type CommandEntry, commandTable } from '../command-table.ts';
import type { Flag } from '../flags.ts';
import { globalOptions, groups } from '../overview.ts';
import { commandWords, findCommand } from '../words.ts';

/** A word that can stand next, with a short explanation. */
export interface Candidate {
  readonly word: string;
  readonly text: string;
}

/** The tasks that a word may name; asked only if one can stand there. */
export type TaskNames = () => Promise<readonly { readonly number: number; readonly title: string }[]>;

/** The candidates for the last of these words, which may be empty or begun. */
export async function candidatesFor(words: readonly string[], tasks: TaskNames): Promise<Candidate[]> {
  const begun = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const entry = entryOf(before);
  const found =
    entry === undefined ? commandsAfter(before) : await wordsOfCommand(entry, await entry.load(), before, begun, tasks);
  return found.filter(({ word }) => word.startsWith(begun));
}

/** The command whose words are all there. */
function entryOf(before: readonly string[]): CommandEntry | undefined {
  return findCommand(before);
}

function commandsAfter(before: readonly string[]): Candidate[] {
  const [first] = commandWords(before);
  if (first !== undefined) {
    const inGroup = commandTable.filter(({ words }) => words.length === 2 && words[0] === first);
    return inGroup.map(({ words, summary }) => ({ word: words[1] ?? '', text: summary }));
  }
  const alone = commandTable.filter(({ words: [name = '', other] }) => other === undefined && !(name in groups));
  return [
    ...Object.entries(groups).map(([word, text]) => ({ word, text })),
    ...alone.map(({ words, summary }) => ({ word: words[0] ?? '', text: summary })),
  ];
}

async function wordsOfCommand(
  entry: CommandEntry,
  command: Command,
  before: readonly string[],
  begun: string,
  tasks: TaskNames,
): Promise<Candidate[]> {
  const last = before.findLast((word) => word.startsWith('--'));
  const option = command.flags.find(({ name }) => `--${name}` === last);
  const sinceOption = last === undefined ? 0 : before.length - 1 - before.lastIndexOf(last);
  if (option !== undefined && option.type !== 'switch' && (option.list || sinceOption === 0)) {
    const values = await valuesOf(option, tasks);
    if (values.length > 0 || sinceOption === 0) return values;
  }
  if (begun.startsWith('-')) return optionsOf(command);
  const taken = positionsTaken(entry, command, before);
  const position = command.positional[Math.min(taken, command.positional.length - 1)];
  const flag = command.flags.find(({ key }) => key === position?.key);
  if (flag === undefined || (taken >= command.positional.length && !flag.list)) return optionsOf(command);
  const longer = taken > 0 ? [] : longerCommands(entry);
  return [...longer, ...(await valuesOf(flag, tasks))];
}

/** The last words of commands that begin with this one: `pick` after `task race`. */
function longerCommands({ words: begun }: CommandEntry): Candidate[] {
  const longer = commandTable.filter(
    ({ words }) => words.length > begun.length && begun.every((word, at) => word === words[at]),
  );
  return longer.map(({ words, summary }) => ({ word: words.at(-1) ?? '', text: summary }));
}

/** Counts the positional words: those that are neither the command, nor options, nor values of options. */
function positionsTaken(entry: CommandEntry, { flags }: Command, before: readonly string[]): number {
  let count = -entry.words.length;
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    if (!word.startsWith('-')) count += 1;
    else if (flags.some(({ name, type }) => `--${name}` === word && type !== 'switch')) at += 1;
  }
  return Math.max(0, count);
}

function optionsOf({ flags, positional }: Command): Candidate[] {
  const byPosition = new Set(positional.map(({ key }) => key));
  return [
    ...flags
      .filter(({ key, hidden }) => !byPosition.has(key) && hidden !== true)
      .map(({ name, description }) => ({ word: `--${name}`, text: description })),
    ...globalOptions.map(([flag, text]) => ({ word: /--[\w-]+/.exec(flag)?.[0] ?? flag, text })),
  ];
}

async function valuesOf(flag: Flag, tasks: TaskNames): Promise<Candidate[]> {
  if (flag.choices.length > 0) return flag.choices.map((word) => ({ word, text: '' }));
  if (flag.value !== 'task') return [];
  return (await tasks()).map(({ number, title }) => ({ word: String(number), text: sanitizeLine(title) }));
}
