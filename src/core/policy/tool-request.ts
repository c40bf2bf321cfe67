import type { ApprovalDetail } from '../task/approval-schema.ts';
import { simpleCommand, simpleWords } from './command-line.ts';
import { coversFolder, matchesGlob } from './glob.ts';
import { type AllowedTool, parseAllowedTool } from './tool-grammar.ts';

/** What an agent wants to use, or has used, in the words of `allowed_tools`. */
export type ToolUse =
  | { readonly category: 'file_operations'; readonly access: 'read' | 'write' }
  /** `words` only where it is one simple command. */
  | { readonly category: 'code_execution'; readonly words: readonly string[] | undefined }
  | { readonly category: 'web_search' | 'markdown_processing' | 'debugging_tools' }
  | { readonly category: 'mcp'; readonly server: string }
  /** Thinking, keeping a list of things to do, changing the mode: no tool that could be withheld. */
  | { readonly category: 'none' }
  /** Nothing says what it does. */
  | { readonly category: 'unknown' };

/** Paths from the folder of the task, with a slash behind those of folders; undefined for one outside of it. */
export type Places = readonly (string | undefined)[];

/** The path of a folder, '' for the root; undefined for what is none. */
export function folderOf(place: string): string | undefined {
  if (place === './') return '';
  return place.endsWith('/') ? place.slice(0, -1) : undefined;
}

const markdownGlobs = ['**/*.md', '**/*.mdx', '**/*.markdown'];

/** What names of tools say, for agents that give no kind; the first that fits counts. */
const names: readonly (readonly [RegExp, ToolUse])[] = [
  [/web|fetch|browse|url|http/, { category: 'web_search' }],
  [/bash|shell|exec|terminal|command|powershell/, { category: 'code_execution', words: undefined }],
  [/markdown/, { category: 'markdown_processing' }],
  [/debug|diagnostic|breakpoint|lint/, { category: 'debugging_tools' }],
  [/^(todo|task|plan|think|exit_?plan|switch_?mode)/, { category: 'none' }],
  [/write|edit|patch|delete|remove|move|rename|replace|create/, { category: 'file_operations', access: 'write' }],
  [/read|grep|glob|search|find|list|^ls$|view/, { category: 'file_operations', access: 'read' }],
];

/** What a request or an observed call is about. Contents count more than the kind that an agent gives it. */
export function toolUseOf(detail: ApprovalDetail): ToolUse {
  const name = (detail.toolName ?? '').toLowerCase();
  const server = serverOf(name);
  if (server !== undefined) return { category: 'mcp', server };
  const command = commandOf(detail);
  if (command !== undefined) return { category: 'code_execution', words: wordsOf(command) };
  if ((detail.diffs?.length ?? 0) > 0) return { category: 'file_operations', access: 'write' };
  switch (detail.toolKind) {
    case 'edit':
    case 'delete':
    case 'move':
      return { category: 'file_operations', access: 'write' };
    case 'read':
      return { category: 'file_operations', access: 'read' };
    case 'search':
      return /web/.test(name) ? { category: 'web_search' } : { category: 'file_operations', access: 'read' };
    case 'fetch':
      return { category: 'web_search' };
    case 'execute':
      return { category: 'code_execution', words: undefined };
    case 'think':
    case 'switch_mode':
      return { category: 'none' };
    default:
      return names.find(([pattern]) => pattern.test(name))?.[1] ?? { category: 'unknown' };
  }
}

/** True when the task may use it. Without a list it may use everything. */
export function isAllowedTool(allowed: readonly string[] | undefined, use: ToolUse, places: Places): boolean {
  if (allowed === undefined || use.category === 'none') return true;
  return allowed.some((text) => {
    const tool = parseAllowedTool(text);
    return tool !== undefined && covers(tool, use, places);
  });
}

/** How `allowed_tools` would name it. */
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
    // Who may write may read.
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

function serverOf(name: string): string | undefined {
  return /^mcp__(.+?)__/.exec(name)?.[1] ?? /^mcp[:.]([\w-]+)/.exec(name)?.[1];
}

function commandOf({ command, input }: ApprovalDetail): string | readonly unknown[] | undefined {
  const given = (input as { command?: unknown } | null | undefined)?.command;
  if (Array.isArray(given)) return given;
  return command ?? (typeof given === 'string' ? given : undefined);
}

function wordsOf(command: string | readonly unknown[]): string[] | undefined {
  return typeof command === 'string' ? simpleCommand(command) : simpleWords(command);
}
