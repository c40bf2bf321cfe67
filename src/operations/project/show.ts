import { z } from 'zod';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskSummarySchema, withWaiting } from '../task/output.ts';
import { tasksOf } from '../task/project-tasks.ts';
import { projectSchema, summaryOf } from './list.ts';

/** A project with its tasks, the oldest first. */
export const projectShow = defineOperation('project.show', {
  input: z.strictObject({ name: z.string().trim().min(1).max(200).describe('Name of the project.') }),
  output: projectSchema.extend({ items: z.array(taskSummarySchema) }),
  positional: ['name'],
  async run(context: WithStandings, { name }) {
    const { store } = context;
    await store.refresh();
    const { tasks } = await store.listTasks({ filter: { project: name }, sort: 'number', order: 'asc', limit: 1_000 });
    return { ...summaryOf(name, tasksOf(store.view, name)), items: await withWaiting(context, tasks) };
  },
});
