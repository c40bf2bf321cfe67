import type { Texts } from '../../webviews/new-task/protocol.ts';

const TITLE_CHARS = 100;

/** A part of a file that a new task is about. */
export interface FilePart {
  /** Path in the workspace folder, with slashes. */
  readonly path: string;
  /** First and last line, from 1. */
  readonly from: number;
  readonly to: number;
  readonly code: string;
  /** Language for the code block. */
  readonly language: string;
}

/** A file, or a part of it: the person writes the title. */
export function textsOfFile(path: string, part: FilePart | undefined): Partial<Texts> {
  return { instructions: part === undefined ? `In @${path}: ` : `In ${place(part)}:\n\n${block(part)}\n` };
}

/** A problem that the editor shows. */
export function textsOfProblem(part: FilePart, message: string, source: string): Partial<Texts> {
  const [first = ''] = message.split('\n');
  const from = source === '' ? '' : ` (${source})`;
  return {
    title: shortened(`Fix: ${first}`),
    instructions: `Fix this problem in ${place(part)}${from}:\n\n${message.trim()}\n\n${block(part)}\n`,
  };
}

/** The words of a TODO or FIXME comment in a line; undefined without one. */
export function todoIn(line: string): string | undefined {
  const found = /(?:\/\/|#|\/\*|\*|<!--|--|;)\s*(?:TODO|FIXME)\b(?:\([^)]*\))?[:\s-]*(.*?)\s*(?:\*\/|-->)?\s*$/.exec(
    line,
  );
  const words = found?.[1]?.trim();
  return words === undefined || words === '' ? undefined : words;
}

export function textsOfTodo(part: FilePart, words: string): Partial<Texts> {
  return {
    title: shortened(words),
    instructions: `Do what the comment in ${place(part)} asks, and remove the comment:\n\n${block(part)}\n`,
  };
}

export function textsOfFiles(paths: readonly string[]): Partial<Texts> {
  return { instructions: `In the changes of these files:\n\n${paths.map((path) => `- @${path}`).join('\n')}\n\n` };
}

/** Output of a terminal. */
export function textsOfOutput(text: string): Partial<Texts> {
  return { instructions: `The terminal shows:\n\n${fenced('', text.trimEnd())}\n` };
}

function place({ path, from, to }: FilePart): string {
  return from === to ? `@${path}, line ${from}` : `@${path}, lines ${from} to ${to}`;
}

function block({ code, language }: FilePart): string {
  return fenced(language, code);
}

/** A code block whose fence is longer than any in the code. */
function fenced(language: string, code: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

function shortened(title: string): string {
  return title.length > TITLE_CHARS ? `${title.slice(0, TITLE_CHARS - 1)}…` : title;
}
