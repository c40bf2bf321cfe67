import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify, type ParseError, parse } from 'jsonc-parser';
import { TaskError } from '../../core/errors.ts';
import { isRecord } from '../../core/is-record.ts';
import { textStep } from '../../core/next-step.ts';
import type { McpClient } from './clients.ts';

/** The name of the server in the configuration of a client. */
export const SERVER_NAME = 'systemprompt-tasks';

/**
 * The text of a configuration with the server added. Keeps everything else, comments included.
 *
 * @returns undefined if the server is configured already
 * @throws TaskError `SettingsUnreadable` for invalid text, or another server of this name
 */
export function addServer(
  { format, key }: Pick<McpClient, 'format' | 'key'>,
  text: string | undefined,
  entry: Readonly<Record<string, unknown>>,
): string | undefined {
  return format === 'toml' ? addToml(key, text ?? '', entry) : addJson(key, text, entry);
}

function addJson(key: string, text: string | undefined, entry: Readonly<Record<string, unknown>>): string | undefined {
  const before = text === undefined || text.trim() === '' ? '{}\n' : text;
  const errors: ParseError[] = [];
  const value: unknown = parse(before, errors, { allowTrailingComma: true });
  const servers = isRecord(value) ? value[key] : undefined;
  if (errors.length > 0 || !isRecord(value) || (servers !== undefined && !isRecord(servers))) {
    throw unreadable('The file is not valid JSON of the expected form.');
  }
  const known = isRecord(servers) ? servers[SERVER_NAME] : undefined;
  if (known !== undefined) return sameOrRefused(isDeepStrictEqual(known, entry));
  const insertSpaces = !/\n\t/.test(before);
  const eol = before.includes('\r\n') ? '\r\n' : '\n';
  const options = { formattingOptions: { insertSpaces, tabSize: /\n( +)"/.exec(before)?.[1]?.length ?? 2, eol } };
  return applyEdits(before, modify(before, [key, SERVER_NAME], entry, options));
}

/** A table at the end: the order of tables has no meaning in TOML. */
function addToml(key: string, text: string, entry: Readonly<Record<string, unknown>>): string | undefined {
  const table = `[${key}.${SERVER_NAME}]`;
  // Strings of JSON are strings of TOML, and so are lists of them.
  const lines = Object.entries(entry).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const block = [table, ...lines].join('\n');
  const named = new RegExp(`^[ \\t]*\\[[ \\t]*${key}[ \\t]*\\.[ \\t]*["']?${SERVER_NAME}["']?[ \\t]*\\]`, 'm');
  if (named.test(text)) return sameOrRefused(text.replaceAll('\r\n', '\n').includes(block));
  const gap = text.trim() === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return `${text}${gap}${block}\n`;
}

function sameOrRefused(same: boolean): undefined {
  if (same) return undefined;
  throw unreadable(`It has another server with the name "${SERVER_NAME}".`);
}

function unreadable(why: string): TaskError {
  return new TaskError('SettingsUnreadable', `${why} Nothing was changed.`, {
    next: [textStep('Correct the file, or add the server yourself.')],
  });
}
