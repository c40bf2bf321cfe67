import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { tasksById, tasksSchema } from '../task/output.ts';
import { taskReferences } from '../task/references.ts';

export const taskUnarchive = defineOperation('task.unarchive', {
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  async run(context, { tasks }) {
    await context.store.refresh();
    const restored = await context.store.archive.restore(tasks);
    return tasksById(
      context,
      restored.map(({ id }) => id),
    );
  },
});
