import type { ToolReach } from '../core/policy/tool-reach.ts';
import type { Environment } from './environment.ts';

/**
 * How an agent receives the allowed tools of its task in its own configuration. This only narrows the agent's behaviour:
 * its requests are still decided here, and the tools that it uses are checked.
 */
export interface NativeTools {
  /** Variables of its environment. */
  readonly env?: (reach: ToolReach, env: Environment) => Environment;
  /** `_meta` of the request that opens the session. */
  readonly meta?: (reach: ToolReach) => object;
  /** The mode in which it asks before it acts, and the modes in which it does not. Other modes stay unchanged. */
  readonly modes?: { readonly asks: string; readonly loose: readonly string[] };
}

/** Claude Code's adapter hands `disallowedTools` on, beside its own; such tools are not offered to the model. */
export const claudeTools: NativeTools = {
  meta: ({ read, write, run, web }) => {
    const disallowedTools = [
      ...(read === 'none' ? ['Read', 'Glob', 'Grep', 'LS', 'NotebookRead'] : []),
      ...(write === 'none' ? ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'] : []),
      ...(run === 'none' ? ['Bash'] : []),
      ...(web === 'none' ? ['WebFetch', 'WebSearch'] : []),
    ];
    return { claudeCode: { options: { disallowedTools } } };
  },
  modes: { asks: 'default', loose: ['acceptEdits', 'auto', 'bypassPermissions'] },
};

/** Only older versions of its adapter offer the mode in which it asks; the others keep to the sandbox of their own. */
export const codexTools: NativeTools = {
  modes: { asks: 'read-only', loose: ['auto', 'full-access', 'agent', 'agent-full-access', 'edit-internal'] },
};

export const geminiTools: NativeTools = { modes: { asks: 'default', loose: ['autoEdit', 'yolo'] } };

/** OpenCode lays this over the permissions of its configuration, after all of its files. */
export const opencodeTools: NativeTools = {
  env: ({ read, write, run, web }, env) => {
    const all = (names: readonly string[], how: string): object => Object.fromEntries(names.map((name) => [name, how]));
    const permission = {
      ...parsed(env['OPENCODE_PERMISSION']),
      ...(read === 'none' ? all(['read', 'glob', 'grep', 'list'], 'deny') : {}),
      ...(write === 'all' ? {} : all(['edit'], write === 'some' ? 'ask' : 'deny')),
      ...(run === 'all' ? {} : all(['bash'], run === 'some' ? 'ask' : 'deny')),
      ...(web === 'none' ? all(['webfetch', 'websearch', 'codesearch'], 'deny') : {}),
    };
    return Object.keys(permission).length === 0 ? {} : { OPENCODE_PERMISSION: JSON.stringify(permission) };
  },
};

/** The existing settings of the person; OpenCode ignores values that are not objects, too. */
function parsed(text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
