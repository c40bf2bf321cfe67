import { simpleCommand } from '../tools/command-line.ts';
import { unknownWord } from './command-options.ts';
import { mayNeverEnd } from './endless-commands.ts';
import { openingOf } from './harmless-commands.ts';
import { begins, programOf } from './words.ts';

/** Why a pattern of a command can be no rule that allows; undefined for one that can. */
export function commandPatternProblem(pattern: string): string | undefined {
  const parsed = parse(pattern);
  if (parsed === undefined) return 'is not one simple command, with " *" at its end for any further words';
  if (!parsed.open || openingOf(parsed.words) !== undefined) return undefined;
  return `would let "${programOf(parsed.words)}" run with any words, and it is not known to be harmless: name each whole command`;
}

/** Whether a rule that allows covers the command. */
export function allowsCommand(pattern: string, words: readonly string[]): boolean {
  const parsed = parse(pattern);
  if (parsed === undefined || commandPatternProblem(pattern) !== undefined || !begins(words, parsed.words))
    return false;
  if (!parsed.open) return words.length === parsed.words.length;
  return unknownWord(words, parsed.words.length) === undefined && !mayNeverEnd(words);
}

/** Whether a rule that asks or denies matches the command: the same words, and further ones after ` *`. */
export function concernsCommand(pattern: string, words: readonly string[]): boolean {
  const parsed = parse(pattern);
  if (parsed === undefined || (!parsed.open && words.length !== parsed.words.length)) return false;
  // The same program by a path, or in other letters, is still that program.
  return begins(words, parsed.words) || begins([programOf(words), ...words.slice(1)], parsed.words);
}

/** Whether such a rule could match the command: its words occur, with options or others between or behind them. */
export function mayConcernCommand(pattern: string, words: readonly string[]): boolean {
  const wanted = parse(pattern)?.words ?? [];
  let at = 1;
  for (const word of words.slice(1)) if (word.toLowerCase() === wanted[at]?.toLowerCase()) at += 1;
  return wanted.length > 0 && at === wanted.length && programOf(words) === programOf(wanted);
}

function parse(pattern: string): { words: readonly string[]; open: boolean } | undefined {
  const open = / \*$/.test(pattern);
  const words = simpleCommand(open ? pattern.slice(0, -2) : pattern);
  return words === undefined ? undefined : { words, open };
}
