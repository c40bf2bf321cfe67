import { z } from 'zod';
import { restart } from '../core/task/start.ts';
import { requireAvailable } from './agent-choice.ts';
import { changeTasks } from './change-tasks.ts';
import { defineOperation } from './operation.ts';
import { ensureFor } from './queue.ts';
import { resolveAll, taskReferences } from './references.ts';
import { tasksSchema } from './task-output.ts';

/** Runs ended tasks again from the start. What they did before stays in their executions and their log. */
export const taskRestart = defineOperation({
  name: 'task.restart',
  summary: 'Run ended tasks again from the start.',
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  effect: 'run',
  async run(context, input) {
    const tasks = await resolveAll(context, input.tasks);
    for (const task of tasks) restart(task, new Date().toISOString());
    await requireAvailable(
      context.agents,
      tasks.map((task) => task.tool),
    );
    const restarted = await changeTasks(context, 'task.restart', input.tasks, restart);
    await ensureFor(context, restarted.tasks);
    return restarted;
  },
});
