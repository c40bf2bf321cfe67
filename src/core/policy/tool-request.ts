import type { ApprovalDetail } from '../task/approval-schema.ts';
import { simpleCommand, simpleWords } from '../tools/command-line.ts';
import { type AllowedTool, parseAllowedTool } from '../tools/tool-grammar.ts';
import { coversFolder, matchesGlob } from './glob.ts';
import { useOfName } from './tool-names.ts';
import type { ToolUse } from './tool-use.ts';

/** Paths from the folder of the task, with a slash behind those of folders; undefined for one outside of it. */
export type Places = readonly (string | undefined)[];

/** The path of a folder, '' for the root; undefined if the pattern is not a folder. */
export function folderOf(place: string): string | undefined {
  if (place === './') return '';
  return place.endsWith('/') ? place.slice(0, -1) : undefined;
}

const markdownGlobs = ['**/*.md', '**/*.mdx', '**/*.markdown'];

/** Verbs of an editor's tool that calls them its commands. */
const editing = new Set(['view', 'create', 'str_replace', 'insert', 'undo_edit']);

/** The subject of a request or an observed call. Contents count more than the kind that an agent gives it. */
export function toolUseOf(detail: ApprovalDetail): ToolUse {
  const name = detail.toolName ?? '';
  const server = serverOf(name.toLowerCase());
  if (server !== undefined) return { category: 'mcp', server };
  const { command, path } = fieldsOf(detail.input);
  if (
    typeof command === 'string' &&
    editing.has(command) &&
    typeof path === 'string' &&
    detail.toolKind !== 'execute'
  ) {
    return { category: 'file_operations', access: command === 'view' ? 'read' : 'write' };
  }
  if (detail.command !== undefined || typeof command === 'string' || Array.isArray(command)) {
    return { category: 'code_execution', words: wordsOf(detail) };
  }
  if ((detail.diffs?.length ?? 0) > 0) return { category: 'file_operations', access: 'write' };
  switch (detail.toolKind) {
    case 'edit':
    case 'delete':
    case 'move':
      return { category: 'file_operations', access: 'write' };
    case 'read':
      return { category: 'file_operations', access: 'read' };
    case 'search':
      return /web/i.test(name) ? onWeb(detail) : { category: 'file_operations', access: 'read' };
    case 'fetch':
      return onWeb(detail);
    case 'execute':
      return { category: 'code_execution', words: undefined };
    case 'think':
    case 'switch_mode':
      return isIdle(detail) ? { category: 'none' } : useOfName(name);
    default: {
      const use = useOfName(name);
      return use.category === 'web_search' ? onWeb(detail) : use;
    }
  }
}

/** True for a tool that only thinks: its name suggests no other action, and no file is involved. */
function isIdle({ toolName = '', files = [] }: ApprovalDetail): boolean {
  const { category } = useOfName(toolName);
  return category === 'none' || (category === 'unknown' && files.length === 0);
}

/** An address outside the web may be that of a file. */
function onWeb({ input }: ApprovalDetail): ToolUse {
  const elsewhere = Object.entries(fieldsOf(input)).some(
    ([key, value]) =>
      /ur[il]s?$/i.test(key) &&
      [value].flat().some((address) => !/^\s*(https?:\/\/|[\w-]+(\.[\w-]+)+(\/|\?|$))/i.test(String(address))),
  );
  return elsewhere ? { category: 'unknown', perhaps: { category: 'web_search' } } : { category: 'web_search' };
}

/** True when the task may use it. Without a list it may use everything. */
export function isAllowedTool(allowed: readonly string[] | undefined, use: ToolUse, places: Places): boolean {
  if (allowed === undefined || use.category === 'none') return true;
  return allowed.some((text) => {
    const tool = parseAllowedTool(text);
    return tool !== undefined && covers(tool, use, places);
  });
}

/** The kind in the words of `allowed_tools`. */
export function allowedToolFor(use: ToolUse): string | undefined {
  if (use.category === 'none' || use.category === 'unknown') return undefined;
  if (use.category === 'file_operations') return `file_operations:${use.access}`;
  if (use.category === 'mcp') return `mcp:${use.server}`;
  return use.category;
}

function covers(tool: AllowedTool, use: ToolUse, places: Places): boolean {
  if (tool.category === 'markdown_processing' && use.category === 'file_operations') {
    return allIn(markdownGlobs, places);
  }
  if (tool.category === 'file_operations' && use.category === 'file_operations') {
    // Write access includes read access.
    if (tool.access === 'read' && use.access === 'write') return false;
    if (tool.access === 'write' && use.access === 'read' && tool.glob === undefined) return true;
    return tool.glob === undefined || allIn([tool.glob], places);
  }
  if (tool.category === 'code_execution' && use.category === 'code_execution') {
    const { prefix } = tool;
    return prefix === undefined || (use.words !== undefined && prefix.every((word, at) => use.words?.[at] === word));
  }
  if (tool.category === 'mcp' && use.category === 'mcp') return tool.server.toLowerCase() === use.server;
  return tool.category === use.category && tool.category !== 'mcp';
}

/** A use that names no file could be of any. */
function allIn(globs: readonly string[], places: Places): boolean {
  if (places.length === 0) return false;
  return places.every((place) => {
    if (place === undefined) return false;
    const folder = folderOf(place);
    return globs.some((glob) => (folder === undefined ? matchesGlob(glob, place) : coversFolder(glob, folder)));
  });
}

/**
 * The server of an MCP tool. An ambiguous name counts entirely as the server's name, so that neither a server nor a
 * tool can imitate another one.
 */
function serverOf(name: string): string | undefined {
  const [, whole, dotted] = /^mcp(?:__([\w.-]+)|[:.]([\w.:-]+))$/.exec(name) ?? [];
  if (dotted !== undefined) return /^([\w-]+)(?:[.:][\w-]+)?$/.exec(dotted)?.[1] ?? dotted.replaceAll(':', '.');
  const parts = whole?.split('__') ?? [];
  if (parts.length < 2) return undefined;
  return parts.length === 2 && parts[0] !== '' && !whole?.includes('___') ? parts[0] : whole;
}

/**
 * The words of a command if all parts of the request agree on it. Environment variables in the input, and an input
 * whose command is missing or differs from the title, can change the executed command.
 */
function wordsOf({ command: line, input }: ApprovalDetail): string[] | undefined {
  const { command = line, ...more } = fieldsOf(input);
  if (Object.entries(more).some(([key, value]) => /^env/i.test(key) && Object.keys(fieldsOf(value)).length > 0)) {
    return undefined;
  }
  if (!('command' in fieldsOf(input)) && Object.keys(more).length > 0) return undefined;
  if (Array.isArray(command)) {
    return line === undefined || line === command.map(String).join(' ') ? simpleWords(command) : undefined;
  }
  if (typeof command !== 'string') return undefined;
  return line === undefined || line === command ? simpleCommand(command) : undefined;
}

function fieldsOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}
