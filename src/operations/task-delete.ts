import { z } from 'zod';
import type { TaskRecord } from '../core/task/schema.ts';
import { deleteFrom } from '../store/task-store.ts';
import { defineOperation } from './operation.ts';
import { resolveAnywhere, taskReferences } from './references.ts';
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
    const found = new Map<string, TaskRecord>();
    for (const reference of input.tasks) {
      const task = await resolveAnywhere(context, reference);
      found.set(task.id, task);
    }
    const before = await tasksById(context, [...found.keys()]);
    const archived = [...found.keys()].filter((id) => context.store.view.byId(id) === undefined);
    await context.store.transact('task.delete', (draft) => {
      for (const id of found.keys()) if (!archived.includes(id)) deleteFrom(draft, draft.require(id));
    });
    if (archived.length > 0) await context.store.archive.delete(archived);
    return before;
  },
});
