import { z } from 'zod';
import { TaskError } from '../core/errors.ts';
import { requestStart } from '../core/task/start.ts';
import { requireAvailable } from './agent-choice.ts';
import { changeTasks } from './change-tasks.ts';
import { defineOperation } from './operation.ts';
import { resolveAll, taskReferences } from './references.ts';
import { tasksSchema } from './task-output.ts';

/** Goes on with the session that a task had, where its agent can; what is finished is not done again. */
export const taskResume = defineOperation({
  name: 'task.resume',
  summary: 'Go on with paused tasks.',
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema,
  positional: ['tasks'],
  effect: 'run',
  async run(context, input) {
    const tasks = await resolveAll(context, input.tasks);
    await requireAvailable(
      context.agents,
      tasks.map((task) => task.tool),
    );
    const resumed = await changeTasks(context, 'task.resume', input.tasks, (task, at) => {
      if (task.status !== 'paused') {
        throw new TaskError('IllegalTransition', `#${task.number} is ${task.status}, not paused.`, {
          hint: 'Start a pending task; restart one that has ended.',
        });
      }
      return requestStart(task, at);
    });
    await context.worker.ensure();
    return resumed;
  },
});
