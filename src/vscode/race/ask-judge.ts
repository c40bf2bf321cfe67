import { pickAgent } from '../agents/pick-agent.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';

/** Starts a task that judges the results of a race, with the agent that the person chooses. */
export async function askJudge(folder: TaskFolder, race: string): Promise<void> {
  const title = l10n.t('Ask an Agent to Judge');
  // A script cannot judge.
  const agent = await pickAgent(folder, { title }, undefined, ({ kind }) => kind !== 'shell');
  if (typeof agent === 'object') await operate(folder, 'task.race.judge', { task: race, agent: agent.name });
}
