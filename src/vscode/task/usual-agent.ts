import type { AgentInfo } from '../../core/agent/catalog.ts';
import { firstOf } from '../../core/first-of.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';

/** The agent of the newest task if it can run here, else the first agent that can. */
export async function usualAgent(folder: TaskFolder): Promise<string> {
  const { store, agents } = await folder.ready();
  const [newest] = firstOf(store.view.all(), 1, (a, b) => b.number - a.number);
  if (newest !== undefined && agents.unavailable(newest.tool) === undefined) return newest.tool;
  const all = (await operate(folder, 'agents', {})).agents as AgentInfo[];
  const available = all.filter((agent) => agent.available);
  return (available.find(({ kind }) => kind === 'acp') ?? available[0])?.name ?? 'SHELL';
}
