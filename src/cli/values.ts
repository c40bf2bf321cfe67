import { TaskError } from '../core/errors.ts';
import { suggestions, textStep } from '../core/next-step.ts';
import { sameWord } from '../core/text/suggestion.ts';
import type { Command } from './command.ts';
import { type Flag, kebab } from './flags.ts';
import { readLongText } from './long-text.ts';
import type { Parsed } from './program.ts';
import { wholeQuantity } from './quantity.ts';

/** The collected words of one flag. */
export type RawValue = boolean | string | readonly string[];

/**
 * The value of the input for the words of the command line.
 *
 * @param typed the flag or the argument as the help writes it
 * @throws TaskError `InvalidInput` naming the flag as typed
 */
export function inputOf(flag: Flag, raw: RawValue, typed: string = `--${flag.name}`): unknown {
  if (typeof raw === 'boolean') return raw;
  if (flag.nullable && isNone(raw)) return null;
  if (!flag.list) return single(flag, String(raw), typed);
  const words = typeof raw === 'string' ? [raw] : raw;
  return words.flatMap((word) => wordsIn(flag, word)).map((word) => single(flag, word, typed));
}

/** The values in one word. A title may contain commas; only numbers of tasks are split. */
function wordsIn(flag: Flag, word: string): string[] {
  const numbers = flag.value === 'task' && /^#?\d+(\s*,\s*#?\d+)+$/.test(word);
  return flag.commas || numbers ? splitCommas(word) : [word];
}

/** Splits at commas that are not inside parentheses: `file_operations:write(src/**,test/**),web_search` is two. */
export function splitCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth = Math.max(0, depth - 1);
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part].map((item) => item.trim()).filter((item) => item !== '');
}

function isNone(raw: string | readonly string[]): boolean {
  const [only, second] = typeof raw === 'string' ? [raw] : raw;
  return only === 'none' && second === undefined;
}

function single(flag: Flag, word: string, typed: string): unknown {
  if (flag.choices.length > 0) {
    const chosen = sameWord(word, flag.choices);
    if (chosen !== undefined) return chosen;
    throw new TaskError('InvalidInput', `${typed}: "${word}" is not one of ${flag.choices.join(', ')}.`, {
      next: suggestions(word, flag.choices),
    });
  }
  if (flag.type === 'text') return word;
  return wholeQuantity(typed, word, flag.unit, flag.type === 'integer');
}

/** All values of a call, by key: flags, positions, aliases, and long texts from where they are. */
export async function valuesOf(command: Command, parsed: Parsed, folder: string): Promise<Record<string, unknown>> {
  if (parsed.positions.length === 0 && Object.keys(parsed.options).length === 0) return {};
  const raw = new Map<string, RawValue>();
  command.positional.forEach(({ key }, index) => {
    const value = parsed.positions[index] as RawValue | undefined;
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) raw.set(key, value);
  });
  refuseSwallowed(command, parsed, raw);
  const values: Record<string, unknown> = {};
  for (const flag of command.flags) {
    for (const name of [flag.name, ...flag.aliases]) {
      const value = parsed.options[camel(name)] as RawValue | undefined;
      if (value !== undefined) raw.set(flag.key, value);
    }
    const file = flag.long ? parsed.options[camel(`${flag.name}-file`)] : undefined;
    const given = raw.get(flag.key);
    if (typeof file === 'string' || (flag.long && given === '-')) {
      values[flag.key] = await readLongText(flag.name, typeof file === 'string' ? file : '-', folder);
    } else if (given !== undefined) values[flag.key] = inputOf(flag, given, nameAsTyped(command, flag.key));
  }
  return values;
}

/**
 * A list option takes every word up to the next option, and so also a title that was put behind it.
 *
 * @throws TaskError `InvalidInput` if the first position has no value and a list option took several words
 */
function refuseSwallowed(command: Command, parsed: Parsed, raw: ReadonlyMap<string, RawValue>): void {
  const [first] = command.positional;
  if (first === undefined || first.required || raw.has(first.key)) return;
  for (const flag of command.flags) {
    const taken = flag.list && flag.key !== first.key ? parsed.options[camel(flag.name)] : undefined;
    if (!Array.isArray(taken) || taken.length < 2 || !/\s/.test(String(taken.at(-1)))) continue;
    throw new TaskError('InvalidInput', `--${flag.name} took "${taken.at(-1)}" as one of its values.`, {
      next: [textStep(`Put the ${first.key} first, or another option behind --${flag.name}.`)],
    });
  }
}

/** `<task>` for an argument, `--priority` for a flag. */
export function nameAsTyped({ positional }: Command, key: string): string {
  return positional.some((position) => position.key === key) ? `<${kebab(key)}>` : `--${kebab(key)}`;
}

/** The key under which commander keeps an option. */
function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
