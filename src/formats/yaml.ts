import { LineCounter, parseDocument } from 'yaml';
import { TaskError } from '../core/errors.ts';

/** Larger YAML files are refused before they are parsed. */
export const MAX_YAML_CHARS = 1_000_000;

/**
 * Parses untrusted YAML (JSON is YAML, too). Aliases are refused: a few lines of them can expand to gigabytes.
 *
 * @param name - names the file in messages
 * @throws TaskError `InvalidInput` with line and column, `TooLarge`
 */
export function parseYaml(text: string, name: string): unknown {
  if (text.length > MAX_YAML_CHARS) {
    throw new TaskError('TooLarge', `${name} has ${text.length} characters; the limit is ${MAX_YAML_CHARS}.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(withoutBom(text), { lineCounter: lines, strict: true, stringKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const [what = 'invalid YAML'] = error.message.split('\n');
    throw invalid(`${name}, line ${line}, column ${col}: ${what.replace(/ at line \d+, column \d+:?$/, '')}.`, error);
  }
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw invalid(`${name}: aliases are not supported in YAML files.`, cause);
  }
}

function invalid(message: string, cause: unknown): TaskError {
  return new TaskError('InvalidInput', message, { cause });
}

function withoutBom(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
