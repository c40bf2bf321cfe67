/**
 * Redacts secrets in stored text: well-known token formats, private keys, and values of environment variables with
 * secret names. Detection is best effort: a secret without a known format stays.
 */

const REPLACEMENT = '[redacted]';

/** Minimum length of a redacted value: shorter values of environment variables are common words and numbers. */
const MIN_SECRET_CHARS = 8;
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD/i;

/** User and password of a URL: an address of a store or of another database. */
const LOGIN = /^[a-z][a-z0-9+.-]*:\/\/([^\s/?#:@]*:[^\s/?#]+@)/i;

/** The beginnings of all token shapes. Most texts contain none of them, and one test is enough. */
const hints = /sk-|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|xox|AIza|npm_|eyJ|bearer|-----BEGIN/i;

const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY( BLOCK)?-----[\s\S]*?(?:-----END \1PRIVATE KEY\2-----|$)/g, REPLACEMENT],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, REPLACEMENT],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}/g, REPLACEMENT],
  [/\bgithub_pat_[A-Za-z0-9_]{20,}/g, REPLACEMENT],
  [/\bglpat-[A-Za-z0-9_-]{16,}/g, REPLACEMENT],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REPLACEMENT],
  [/\bxox[a-z]-[A-Za-z0-9-]{10,}/g, REPLACEMENT],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, REPLACEMENT],
  [/\bnpm_[A-Za-z0-9]{30,}/g, REPLACEMENT],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, REPLACEMENT],
  [/\b(bearer)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REPLACEMENT}`],
];

export type Redact = (text: string) => string;

/** The values of the variables that sound secret, and logins in URLs of all others; longest first, each once. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(env)
    .map(([name, value = '']) => (SECRET_NAME.test(name) ? value : (LOGIN.exec(value)?.[1] ?? '')))
    .filter((value) => value.length >= MIN_SECRET_CHARS && !REPLACEMENT.includes(value));
  return [...new Set(values)].sort((a, b) => b.length - a.length);
}

/** Compiles a redaction of known secrets and of everything that looks like one. Idempotent. */
export function compileRedaction(secrets: readonly string[] = []): Redact {
  const known = secrets.length === 0 ? undefined : new RegExp(secrets.map(escapeForRegExp).join('|'), 'g');
  return (text) => {
    let clean = known === undefined ? text : text.replace(known, REPLACEMENT);
    if (!hints.test(clean)) return clean;
    for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
    return clean;
  };
}

/** Login, path and query of a web address. */
const ADDRESS = /\b(https?:\/\/)(?:[^\s/?#"'`@]{0,1000}@)?([^\s/?#"'`@]{1,300})(?:[/?#][^\s"'`]*)?/gi;

/** Reduces web addresses to their host: the path of a webhook is its secret. Idempotent. */
export function hideWebPaths(text: string): string {
  return text.replace(ADDRESS, (address, scheme: string, host: string) =>
    address.length === scheme.length + host.length ? address : `${scheme}${host}/…`,
  );
}

const keyBegins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const keyEnds = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** A key that never ends must not swallow a log: the longest ones have about 100 lines. */
const KEY_LINES = 400;

/** The same for text that arrives line by line: redacts a private key from its first to its last line. */
export function compileLineRedaction(redact: Redact): Redact {
  let linesLeft = 0;
  return (line) => {
    if (linesLeft > 0) {
      linesLeft -= 1;
      const end = keyEnds.exec(line);
      if (end === null) return REPLACEMENT;
      linesLeft = 0;
      return REPLACEMENT + redact(line.slice(end.index + end[0].length));
    }
    if (keyBegins.test(line) && !keyEnds.test(line)) linesLeft = KEY_LINES;
    return redact(line);
  };
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
