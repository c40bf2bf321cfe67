import { leadsOutside, unknownWord } from './command-options.ts';
import { mayNeverEnd } from './endless-commands.ts';
import { openingOf } from './harmless-commands.ts';
import { warningAbout } from './risky-commands.ts';

/** The pattern of a rule, with a warning where the person should think twice; or the reason why no rule is offered. */
export type Pattern =
  | { readonly pattern: string; readonly warning?: string | undefined }
  | { readonly pattern?: undefined; readonly reason: string };

/**
 * The narrowest rule that avoids the next question about a command: with any further harmless words if the command is
 * known to be harmless, otherwise exactly these words, with a warning if the command cannot be undone.
 */
export function patternForCommand(words: readonly string[]): Pattern {
  const outside = words.find(leadsOutside);
  if (outside !== undefined) {
    return {
      reason: `"${outside}" may lead out of the folder, to a secret or into the settings of git or of the tasks.`,
    };
  }
  if (mayNeverEnd(words)) return { reason: 'It may never end: it waits for input or for changes.' };
  const opening = unknownWord(words) === undefined ? openingOf(words) : undefined;
  if (opening !== undefined) return { pattern: `${opening.map(quoted).join(' ')} *` };
  return { pattern: words.map(quoted).join(' '), warning: warningAbout(words) };
}

/** A word as a command has to write it to keep it one word: plain, or in quotes. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@+,=-]+$/.test(word) ? word : `"${word}"`;
}
