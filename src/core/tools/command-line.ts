/** More than that is no command that a person has looked at. */
const MAX_CHARS = 2_000;

/** Characters that no shell (POSIX, cmd, PowerShell) gives a meaning to where they stand in a word. */
const PLAIN_WORD = /^[A-Za-z0-9_./:@+,=-]+$/;
/** Within quotes also a space and what only an unquoted word gives a meaning to; never what a shell sees through quotes. */
const QUOTED_WORD = /^[A-Za-z0-9_./:@+,= ()[\]{}*?#~-]*$/;
const PROGRAM = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;

/**
 * The words of one simple command, or undefined for everything else: operators, substitutions, expansions, redirections,
 * globs, comments, escapes, several lines, anything but plain letters, variables before the command, a command that is
 * named by a path or in quotes. It does not try to understand a shell; what it does not know for certain, it does not know.
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

/** The same for a command that comes as a list of words, each of which has to be plain. */
export function simpleWords(words: readonly unknown[]): string[] | undefined {
  const plain = words.filter((word): word is string => typeof word === 'string' && PLAIN_WORD.test(word));
  const [program] = plain;
  if (plain.length !== words.length || program === undefined || !PROGRAM.test(program)) return undefined;
  return plain;
}

/** Spaces only: a tab or a line end is not between words of a simple command. */
function trimSpaces(text: string): string {
  return text.replace(/^ +/, '').replace(/ +$/, '');
}
