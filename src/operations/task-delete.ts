import { z } from 'zod';
import { deleteFrom } from '../store/task-store.ts';
import { defineOperation } from './operation.ts';
import { resolveAll, taskReferences } from './references.ts';
import { tasksById, tasksSchema } from './task-output.ts';

/** Deletes tasks with their logs, and gives them back as they were. Those that depend on them are told in their logs. */
export const taskDelete = defineOperation({
  name: 'task.delete',
  summary: 'Delete tasks with their logs.',
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  effect: 'write',
  async run(context, input) {
    const ids = (await resolveAll(context, input.tasks)).map((task) => task.id);
    const before = await tasksById(context, ids);
    await context.store.transact('task.delete', (draft) => {
      for (const id of ids) deleteFrom(draft, draft.require(id));
    });
    return before;
  },
});
