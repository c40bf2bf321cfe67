import { z } from 'zod';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';

export const projectSchema = z.object({
  name: z.string(),
  /** Number of its group, null if it has none. */
  number: z.number().int().nullable(),
  description: z.string(),
  /** Its tasks, groups not counted. */
  tasks: z.number().int(),
  by_status: z.record(z.string(), z.number().int()),
  /** Share of completed tasks in percent; cancelled ones do not count. */
  progress: z.number(),
});

export type ProjectSummary = z.output<typeof projectSchema>;

/** The projects of the folder by name, archived tasks not counted. */
export const projectList = defineOperation('project.list', {
  input: z.strictObject({}),
  output: z.object({ projects: z.array(projectSchema) }),
  positional: [],
  async run({ store }: WithStore) {
    await store.refresh();
    const groups = new Map<string, TaskRecord[]>();
    for (const task of store.view.all()) {
      if (task.project === undefined) continue;
      const tasks = groups.get(task.project) ?? [];
      tasks.push(task);
      groups.set(task.project, tasks);
    }
    const names = [...groups.keys()].sort((a, b) => a.localeCompare(b));
    return { projects: names.map((name) => summaryOf(name, groups.get(name) ?? [])) };
  },
});

/** The numbers of a project. Pure. */
export function summaryOf(name: string, tasks: readonly TaskRecord[]): ProjectSummary {
  const group = tasks.find(({ kind, title }) => kind === 'group' && title === name);
  const work = tasks.filter(({ kind }) => kind === 'work');
  const byStatus: Partial<Record<TaskStatus, number>> = {};
  for (const { status } of work) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const counted = work.length - (byStatus.cancelled ?? 0);
  return {
    name,
    number: group?.number ?? null,
    description: group === undefined || group.description === name ? '' : group.description,
    tasks: work.length,
    by_status: byStatus as Record<string, number>,
    progress: counted === 0 ? 0 : Math.round((100 * (byStatus.completed ?? 0)) / counted),
  };
}
