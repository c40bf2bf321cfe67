import type { ToolReach } from '../../core/policy/tool-reach.ts';
import { fieldsOf } from '../acp/wire.ts';
import type { Environment } from '../environment.ts';
import type { AgentAdapter } from './adapter.ts';

const everything: ToolReach = { read: 'all', write: 'all', run: 'all', web: 'all' };

/** OpenCode by `opencode acp`. It lays `OPENCODE_PERMISSION` over the permissions of all its configuration files. */
export const opencode: AgentAdapter = {
  tokensCount: 'last_call',
  record: async (place) => (await import('../records/opencode.ts')).opencodeRecord(place),
  reportsCost: true,
  writesItself: true,
  env({ reach, asks }, env) {
    const { read, write, run, web } = reach ?? everything;
    const own = parsed(env.OPENCODE_PERMISSION);
    const all = (names: readonly string[], how: 'ask' | 'deny'): object =>
      Object.fromEntries(names.map((name) => [name, own[name] === 'deny' ? 'deny' : how]));
    const permission = {
      ...own,
      ...(asks ? all(['edit', 'bash', 'webfetch', 'websearch', 'codesearch'], 'ask') : {}),
      ...(read === 'none' ? all(['read', 'glob', 'grep', 'list'], 'deny') : {}),
      ...(write === 'all' ? {} : all(['edit'], write === 'some' ? 'ask' : 'deny')),
      ...(run === 'all' ? {} : all(['bash'], run === 'some' ? 'ask' : 'deny')),
      ...(web === 'none' ? all(['webfetch', 'websearch', 'codesearch'], 'deny') : {}),
    };
    return {
      ...(Object.keys(permission).length === 0 ? {} : { OPENCODE_PERMISSION: JSON.stringify(permission) }),
      ...untitled(env.OPENCODE_CONFIG_CONTENT),
    };
  },
};

/** A configuration without the agent that makes up titles: its call of the model is in no count. */
function untitled(own: string | undefined): Environment {
  const config = parsed(own);
  // One that is not read here, such as JSON with comments, stays as it is.
  if (own !== undefined && Object.keys(config).length === 0) return {};
  const agents = fieldsOf(config.agent) ?? {};
  const agent = { ...agents, title: { ...fieldsOf(agents.title), disable: true } };
  return { OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...config, agent }) };
}

/** The existing settings of the person; OpenCode ignores values that are not objects, too. */
function parsed(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
