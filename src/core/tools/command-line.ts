/** A longer command is not one that a person has read. */
const MAX_CHARS = 2_000;

/** Characters that no shell (POSIX, cmd, PowerShell) interprets in an unquoted word. */
const PLAIN_WORD = /^[A-Za-z0-9_./:@+,=-]+$/;
/** In quotes also a space and the characters that shells interpret only outside of quotes. */
const QUOTED_WORD = /^[A-Za-z0-9_./:@+,= ()[\]{}*?#~-]*$/;
/** A name, or a path down from the folder: `./gradlew`, `node_modules/.bin/tsc`. */
const PROGRAM = /^(?:\.\/)?(?:(?!\.\.?\/)[A-Za-z0-9_.][A-Za-z0-9_.+-]*\/)*[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;

/**
 * The words of one simple command, or undefined for all other texts: operators, substitutions, expansions,
 * redirections, globs, comments, escapes, several lines, characters other than plain letters, variables before the
 * command, a program in quotes or by a path that leads out of the folder. This is no shell parser: it rejects every
 * text that it does not fully understand.
 */
export function simpleCommand(text: string): string[] | undefined {
  if (text.length > MAX_CHARS) return undefined;
  const words: string[] = [];
  let rest = trimSpaces(text);
  while (rest !== '') {
    const [raw] = /^(?:"[^"']*"|'[^"']*'|[^\s"']+)(?= |$)/.exec(rest) ?? [];
    if (raw === undefined) return undefined;
    const quoted = raw.startsWith('"') || raw.startsWith("'");
    const word = quoted ? raw.slice(1, -1) : raw;
    if (!(quoted ? QUOTED_WORD : PLAIN_WORD).test(word)) return undefined;
    if (words.length === 0 && (quoted || !PROGRAM.test(word))) return undefined;
    words.push(word);
    rest = trimSpaces(rest.slice(raw.length));
  }
  return words.length === 0 ? undefined : words;
}

/** The same for a command given as a list of words, each of which must be plain. */
export function simpleWords(words: readonly unknown[]): string[] | undefined {
  const plain = words.filter((word): word is string => typeof word === 'string' && PLAIN_WORD.test(word));
  const [program] = plain;
  if (plain.length !== words.length || program === undefined || !PROGRAM.test(program)) return undefined;
  return plain;
}

/** Only spaces separate the words of a simple command: neither tabs nor line ends do. */
function trimSpaces(text: string): string {
  return text.replace(/^ +/, '').replace(/ +$/, '');
}
