import { z } from 'zod';
import { simpleCommand } from './command-line.ts';

/** One entry of `allowed_tools`: a category and an optional scope. */
export type AllowedTool =
  | {
      readonly category: 'file_operations';
      readonly access?: 'read' | 'write' | undefined;
      readonly glob?: string | undefined;
    }
  | { readonly category: 'code_execution'; readonly prefix?: readonly string[] | undefined }
  | { readonly category: 'web_search' | 'markdown_processing' | 'debugging_tools' }
  | { readonly category: 'mcp'; readonly server: string };

const knownTools =
  'file_operations, file_operations:read, file_operations:write, code_execution, web_search, markdown_processing, debugging_tools or mcp:<server>';

/**
 * Parses `file_operations[:read|:write][(glob)]`, `code_execution[(command prefix)]`, `web_search`,
 * `markdown_processing`, `debugging_tools` or `mcp:<server>`; undefined for other texts.
 */
export function parseAllowedTool(text: string): AllowedTool | undefined {
  const parts = /^([a-z_]+)(?::([\w.-]+))?(?:\(([^\p{Cc}]+)\))?$/u.exec(text.trim());
  if (parts === null) return undefined;
  const [, category, detail, scope] = parts;
  switch (category) {
    case 'file_operations':
      if (detail !== undefined && detail !== 'read' && detail !== 'write') return undefined;
      if (scope !== undefined && !isGlob(scope)) return undefined;
      return { category, access: detail, glob: scope?.trim() };
    case 'code_execution': {
      const prefix = scope === undefined ? undefined : simpleCommand(scope.replace(/ \*$/, ''));
      if (detail !== undefined || (scope !== undefined && prefix === undefined)) return undefined;
      return { category, prefix };
    }
    case 'web_search':
    case 'markdown_processing':
    case 'debugging_tools':
      return detail === undefined && scope === undefined ? { category } : undefined;
    case 'mcp':
      return detail !== undefined && scope === undefined ? { category, server: detail } : undefined;
    default:
      return undefined;
  }
}

/** A description of an entry of `allowed_tools` for an agent, independent of its tool names. */
export function describeAllowedTool(text: string): string {
  const tool = parseAllowedTool(text);
  switch (tool?.category) {
    case undefined:
      return text;
    case 'file_operations': {
      const what = { read: 'read files', write: 'create and change files' } as const;
      const access = tool.access === undefined ? 'read, create and change files' : what[tool.access];
      return tool.glob === undefined ? access : `${access} that match ${tool.glob}`;
    }
    case 'code_execution':
      return tool.prefix === undefined ? 'run commands' : `run commands that begin with \`${tool.prefix.join(' ')}\``;
    case 'web_search':
      return 'search and read the web';
    case 'markdown_processing':
      return 'read and write Markdown files';
    case 'debugging_tools':
      return 'use a debugger and diagnostics';
    case 'mcp':
      return `use the tools of the MCP server "${tool.server}"`;
  }
}

/** A glob of paths in the folder: relative, and nowhere up. */
export function isGlob(glob: string): boolean {
  const parts = glob.trim().split('/');
  return glob.trim() !== '' && parts[0] !== '' && !parts.includes('..') && !/[\\{}[\]]|^[A-Za-z]:|^~/.test(glob);
}

/** An entry of `allowed_tools` in an input. Stored tasks are not validated with it. */
export const allowedToolSchema = z
  .string()
  .trim()
  .max(500)
  .refine((text) => parseAllowedTool(text) !== undefined, { message: `not a kind of tool; use ${knownTools}` });
