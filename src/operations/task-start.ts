import { z } from 'zod';
import { requestStart } from '../core/task/start.ts';
import { requireAvailable } from './agent-choice.ts';
import { changeTasks } from './change-tasks.ts';
import { defineOperation } from './operation.ts';
import { ensureFor } from './queue.ts';
import { resolveAll, taskReferences } from './references.ts';
import { tasksSchema } from './task-output.ts';

/** Queues tasks; a worker takes them as soon as what they depend on is completed and their approval is given. */
export const taskStart = defineOperation({
  name: 'task.start',
  summary: 'Start tasks.',
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  effect: 'run',
  async run(context, input) {
    const tasks = await resolveAll(context, input.tasks);
    // What cannot be started at all is said first; that its agent is missing would be beside the point.
    for (const task of tasks) requestStart(task, new Date().toISOString());
    await requireAvailable(
      context.agents,
      tasks.map((task) => task.tool),
    );
    const started = await changeTasks(context, 'task.start', input.tasks, requestStart);
    await ensureFor(context, started.tasks);
    return started;
  },
});
