/** The tools that the worker gives an agent for its own task. */
export const ownTools = [
  'task_current',
  'task_progress',
  'task_note',
  'task_ask',
  'task_create_part',
  'task_hand_over',
] as const;

export type OwnTool = (typeof ownTools)[number];

/** The name of their server in rules: `{ "ask": "mcp:systemprompt" }`. */
export const OWN_SERVER = 'systemprompt';

/**
 * The own tool that an agent names, in any of the forms `mcp__server__tool`, `server_tool`, `server.tool`. The name of the
 * server has a random part: a server that came with the folder cannot have it.
 */
export function ownToolOf(toolName: string | undefined, server: string | undefined): OwnTool | undefined {
  if (toolName === undefined || server === undefined) return undefined;
  const at = toolName.indexOf(server);
  if (at < 0 || !/^(?:mcp[_.:/-]{1,2})?$/.test(toolName.slice(0, at))) return undefined;
  const rest = /^[_.:/-]{1,2}([a-z_]+)$/.exec(toolName.slice(at + server.length))?.[1];
  return ownTools.find((tool) => tool === rest);
}
