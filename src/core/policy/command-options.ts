import { knownOptions } from './known-options.ts';
import { isSecretPath } from './secret-names.ts';

/** One row of the table, parsed. */
interface Known {
  /** Options without a value; options with one, and its kind; options that may have one after `=`. */
  readonly alone: ReadonlySet<string>;
  readonly valued: ReadonlyMap<string, string>;
  readonly either: ReadonlyMap<string, string>;
  /** A whole name follows a single dash; letters are not combined. */
  readonly words: boolean;
  readonly numbers: boolean;
  readonly operands: 'paths' | 'none' | 'here';
  readonly not: ReadonlySet<string>;
  /** The words that may follow `--`. */
  readonly after?: Known | undefined;
}

/** Parsed on first use: most processes judge no command. */
const rows = new Map<string, Known>();
const nothing = read('');

/**
 * The first word of a command that is not known to be harmless; undefined if all are. Harmless are the options in
 * `knownOptions`, with values of their kind, and paths inside the folder.
 *
 * @param granted number of leading words that a rule itself names, which are not checked
 */
export function unknownWord(words: readonly string[], granted = 0): string | undefined {
  return walk(words, granted, () => {});
}

/** The words of a command that are neither options nor values of options that `knownOptions` names. */
export function operandsOf(words: readonly string[]): readonly string[] {
  const operands: string[] = [];
  walk(words, words.length, (word) => operands.push(word));
  return operands;
}

function walk(words: readonly string[], granted: number, onOperand: (word: string) => void): string | undefined {
  const [program = '', task = ''] = words;
  const own = rowOf(`${program} ${task}`);
  let known = own ?? rowOf(program) ?? nothing;
  let ended = false;
  for (let at = own === undefined ? 1 : 2; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const free = at < granted;
    if (word === '--' && !ended) {
      if (known.after === undefined && !free) return word;
      known = known.after ?? nothing;
      ended = true;
      continue;
    }
    const isOption = word.startsWith('-') && !ended;
    const fits = word.startsWith('-') ? fitsOption(known, word) : fitsOperand(known, word);
    if (!isOption) onOperand(word);
    if (fits === false && !free) return word;
    if (typeof fits !== 'string') continue;
    at += 1;
    const value = words[at];
    if (at >= granted && (value === undefined || !isOfKind(fits, value))) return value ?? word;
  }
  return undefined;
}

/** True, or the kind of value that the next word must have, or false for an unknown option. */
function fitsOption(known: Known, word: string): boolean | string {
  if (known.numbers && /^-\d+$/.test(word)) return true;
  if (!known.words && !word.startsWith('--')) return fitsLetters(known, word);
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/.exec(word) ?? [];
  const kind = known.valued.get(name);
  if (value === undefined) return kind ?? (known.alone.has(name) || known.either.has(name));
  const wanted = kind ?? known.either.get(name);
  return wanted !== undefined && isOfKind(wanted, value);
}

/** Combined letters; the first one with a value takes the rest of the word as its value. */
function fitsLetters(known: Known, word: string): boolean | string {
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at]}`;
    const rest = word.slice(at + 1);
    const kind = known.valued.get(name) ?? known.either.get(name);
    if (kind === undefined && !known.alone.has(name)) return false;
    if (kind === undefined || (rest === '' && known.either.has(name))) continue;
    return rest === '' ? kind : isOfKind(kind, rest);
  }
  return word.length > 1;
}

function fitsOperand(known: Known, word: string): boolean {
  if (known.operands === 'none' || known.not.has(word)) return false;
  if (known.operands === 'here' && !/^\.|\.go$/.test(word)) return false;
  return staysInside(word);
}

/** Some programs take a value that looks like an option, or like the name of a file of options, for one. */
function isOfKind(kinds: string, value: string): boolean {
  if (/^[=@]*[-@]/.test(value)) return false;
  return kinds.split('|').some((kind) => {
    if (kind === 'text') return true;
    if (kind === 'number') return /^\+?\d+[A-Za-z]{0,2}%?$/.test(value);
    return kind === 'path' ? staysInside(value) : kind === value;
  });
}

/** True for a word that leads out of the folder, into git or the tasks, or to a secret, also as a part of a longer text. */
export function leadsOutside(word: string): boolean {
  const pieces = word.split(/\s+/).flatMap((piece) => [piece.replace(/^-+/, ''), piece.replace(/^-\w/, '')]);
  return !pieces.every((piece) => piece === '' || staysInside(piece));
}

/** True for a word inside the folder, outside `.git`, `.systemprompt` and secrets, that names no file of options. */
function staysInside(text: string): boolean {
  if (/^[@:+=]|:\/\/|^[\w-]+::|^[\w.-]+@|^[A-Za-z]:/.test(text)) return false;
  return text.split(/[:,=]/).every((piece) => {
    if (/^[/~]/.test(piece)) return false;
    return !isSecretPath(piece) && !piece.split('/').some((part) => part === '..' || isMachinery(part));
  });
}

/** Windows gives names with a leading dot a short name as well. */
function isMachinery(part: string): boolean {
  return /^\.(git|systemprompt)$/i.test(part) || /^(?!HEAD~)\w{1,6}~\d/.test(part);
}

function rowOf(name: string): Known | undefined {
  const row = Object.hasOwn(knownOptions, name) ? knownOptions[name] : undefined;
  if (row === undefined) return undefined;
  const known = rows.get(name) ?? read(row);
  rows.set(name, known);
  return known;
}

function read(row: string): Known {
  const [before = '', after] = ` ${row} `.split(/ --(?= )/);
  const known = {
    alone: new Set<string>(),
    valued: new Map<string, string>(),
    either: new Map<string, string>(),
    words: before.includes('(words)'),
    numbers: before.includes(' -# '),
    operands: before.includes('(none)') ? ('none' as const) : before.includes('(here)') ? ('here' as const) : 'paths',
    not: new Set([...before.matchAll(/\(not:(\w+)\)/g)].map(([, word = '']) => word)),
    after: after === undefined ? undefined : read(after),
  } satisfies Known;
  for (const token of before.split(/\s+/)) {
    const [, names = '', maybe, kind] = /^(-{1,2}[\w-]+)(?:(\[)?=([^\]]+)\]?)?$/.exec(token) ?? [];
    const letters = names.startsWith('--') || known.words ? [names] : [...names.slice(1)].map((letter) => `-${letter}`);
    for (const name of letters.filter((one) => one !== '')) {
      if (kind === undefined) known.alone.add(name);
      else (maybe === undefined ? known.valued : known.either).set(name, kind);
    }
  }
  return known;
}
