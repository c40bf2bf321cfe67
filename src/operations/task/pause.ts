import { z } from 'zod';
import { pause } from '../../core/task/session.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { changeTasks } from './change-tasks.ts';
import { tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';

/** The worker ends the agent when it sees the pause; its session is kept for resuming. */
export const taskPause = defineOperation('task.pause', {
  input: z.strictObject({
    tasks: taskReferences,
    reason: z.string().trim().max(2_000).optional().describe('Reason for the record.'),
  }),
  output: tasksSchema,
  positional: ['tasks'],
  run: (context: WithStandings, input) =>
    changeTasks(context, 'task.pause', input.tasks, (task, at) => pause(task, at, input.reason)),
});
