import { z } from 'zod';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksById, tasksSchema } from '../task/output.ts';
import { taskReferences } from '../task/references.ts';

export const taskUnarchive = defineOperation('task.unarchive', {
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  async run(context: WithStandings, { tasks }) {
    await context.store.refresh();
    const restored = await context.store.archive.restore(tasks);
    return tasksById(
      context,
      restored.map(({ id }) => id),
    );
  },
});
