import { parseAllowedTool } from '../tools/tool-grammar.ts';

/** The reach of `allowed_tools` for a kind of tool: all, some files or commands, or none. */
export type Reach = 'all' | 'some' | 'none';

/** The allowed tools of a task, by the kinds that agents can restrict themselves. */
export interface ToolReach {
  readonly read: Reach;
  readonly write: Reach;
  readonly run: Reach;
  readonly web: Reach;
}

/**
 * The reach of a list of `allowed_tools`. A kind that is partly allowed still asks: the list alone knows which part.
 */
export function toolReach(allowed: readonly string[]): ToolReach {
  const reach: { -readonly [K in keyof ToolReach]: Reach } = { read: 'none', write: 'none', run: 'none', web: 'none' };
  const raise = (kind: keyof ToolReach, scoped: boolean): void => {
    if (reach[kind] !== 'all') reach[kind] = scoped ? 'some' : 'all';
  };
  for (const text of allowed) {
    const tool = parseAllowedTool(text);
    switch (tool?.category) {
      case 'file_operations':
        // Write access includes read access.
        raise('read', tool.glob !== undefined);
        if (tool.access !== 'read') raise('write', tool.glob !== undefined);
        break;
      case 'markdown_processing':
        raise('read', true);
        raise('write', true);
        break;
      case 'code_execution':
        raise('run', tool.prefix !== undefined);
        break;
      case 'web_search':
        raise('web', false);
        break;
      default:
        break;
    }
  }
  return reach;
}
