import { knownOptions } from './known-options.ts';
import { isSecretName } from './secret-names.ts';

/** What a row of the table says. */
interface Known {
  /** Options that stand alone; those with a value, and what it may be; those that may have one after `=`. */
  readonly alone: ReadonlySet<string>;
  readonly valued: ReadonlyMap<string, string>;
  readonly either: ReadonlyMap<string, string>;
  /** A name follows a single dash as a whole; there are no letters that are written together. */
  readonly words: boolean;
  readonly numbers: boolean;
  readonly operands: 'paths' | 'none' | 'here';
  readonly not: ReadonlySet<string>;
  /** What may follow `--`. */
  readonly after?: Known | undefined;
}

const rows = new Map(Object.entries(knownOptions).map(([name, row]) => [name, read(row)]));
const nothing = read('');

/**
 * The first word of a command of which it is not known that it does no harm; undefined where there is none. Harmless are
 * the options that `knownOptions` names, with values of their kind, and paths that stay in the folder.
 *
 * @param granted so many words at the beginning are what a rule itself says, and not looked at
 */
export function unknownWord(words: readonly string[], granted = 0): string | undefined {
  const [program = '', task = ''] = words;
  const own = rows.get(`${program} ${task}`);
  let known = own ?? rows.get(program) ?? nothing;
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
    const fits = word.startsWith('-') ? fitsOption(known, word) : fitsOperand(known, word);
    if (fits === false && !free) return word;
    if (typeof fits !== 'string') continue;
    at += 1;
    const value = words[at];
    if (at >= granted && (value === undefined || !isOfKind(fits, value))) return value ?? word;
  }
  return undefined;
}

/** True, or the kind of value that the next word has to be, or false for what is not known. */
function fitsOption(known: Known, word: string): boolean | string {
  if (known.numbers && /^-\d+$/.test(word)) return true;
  if (!known.words && !word.startsWith('--')) return fitsLetters(known, word);
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/.exec(word) ?? [];
  const kind = known.valued.get(name);
  if (value === undefined) return kind ?? (known.alone.has(name) || known.either.has(name));
  const wanted = kind ?? known.either.get(name);
  return wanted !== undefined && isOfKind(wanted, value);
}

/** Letters that are written together; the first one with a value takes the rest of the word as that. */
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

/** A value that looks like an option, or like the name of a list of them, would be one to some programs. */
function isOfKind(kinds: string, value: string): boolean {
  if (/^[=@]*[-@]/.test(value)) return false;
  return kinds.split('|').some((kind) => {
    if (kind === 'text') return true;
    if (kind === 'number') return /^\+?\d+[A-Za-z]{0,2}%?$/.test(value);
    return kind === 'path' ? staysInside(value) : kind === value;
  });
}

/** A word that leads nowhere out of the folder, nor into its own machinery or secrets, and names no list of options. */
function staysInside(text: string): boolean {
  if (/^[@:+=]|:\/\/|^[\w-]+::|^[\w.-]+@|^[A-Za-z]:/.test(text)) return false;
  return text.split(/[:,=]/).every((piece) => {
    if (/^[/~]/.test(piece)) return false;
    return !piece.split('/').some((part) => part === '..' || isMachinery(part) || isSecretName(part));
  });
}

/** Also by the short names that Windows gives to names with a dot in front. */
function isMachinery(part: string): boolean {
  return /^\.(git|systemprompt)$/i.test(part) || /^(?!HEAD~)\w{1,6}~\d/.test(part);
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
