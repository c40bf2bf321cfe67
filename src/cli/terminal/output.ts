import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Sink } from './sink.ts';
import { plain, type Style, styleFor } from './style.ts';

/** The output of a command: results to stdout, remarks to stderr. */
export interface Output {
  /** Lines of the result. */
  print(text: string): void;
  /** Replaces the lines of the previous call in a terminal; appends them elsewhere. */
  redraw(text: string): void;
  /** The result for a program; one value, readable. */
  json(value: unknown): void;
  /** One line of JSON Lines. */
  jsonLine(value: unknown): void;
  /** A remark for the person; never part of the result. */
  note(text: string): void;
  /** A line on stderr that the next output replaces. Only in a terminal. */
  progress(text: string): void;
  readonly style: Style;
  /** Colours on stderr. */
  readonly noteStyle: Style;
  /** Width of the terminal; Infinity if the output is not a terminal. */
  readonly columns: number;
  /** Milliseconds since the epoch, for ages. */
  now(): number;
}

/** The streams of a process and its variables. */
export interface OutputStreams {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: NodeJS.ProcessEnv;
}

/** Writes the output of a command to the streams of its process. */
export function processOutput(
  { stdout, stderr, env }: OutputStreams,
  { colour = true, now = Date.now }: { readonly colour?: boolean; readonly now?: () => number } = {},
): Output {
  let drawn = 0;
  let progressing = false;
  const clearProgress = (): void => {
    if (progressing) stderr.write('\r\u001b[K');
    progressing = false;
  };
  const write = (text: string): void => {
    clearProgress();
    stdout.write(`${text}\n`);
  };
  return {
    print: write,
    redraw: (text) => {
      write(stdout.isTTY === true && drawn > 0 ? `\u001b[${drawn}A\u001b[J${text}` : text);
      drawn = text.split('\n').length;
    },
    json: (value) => write(safeJson(value, 2)),
    jsonLine: (value) => write(safeJson(value)),
    note: (text) => {
      clearProgress();
      stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (stderr.isTTY !== true) return;
      const line = sanitizeLine(text).slice(0, Math.max(1, (stderr.columns ?? 80) - 1));
      stderr.write(`\r\u001b[K${line}`);
      progressing = true;
    },
    get style() {
      return colour ? styleFor(stdout, env) : plain;
    },
    get noteStyle() {
      return colour ? styleFor(stderr, env) : plain;
    },
    get columns() {
      return stdout.isTTY === true ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
    },
    now,
  };
}

/**
 * JSON that no terminal obeys: JSON itself escapes the controls below space, this the ones from DEL to U+009F and those
 * that turn the direction of text around. It parses to the same value.
 */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
