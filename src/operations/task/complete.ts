import { z } from 'zod';
import { complete } from '../../core/task/session.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { changeTasks } from './change-tasks.ts';
import { tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';

export const taskComplete = defineOperation('task.complete', {
  input: z.strictObject({
    tasks: taskReferences,
    notes: z.string().trim().max(2_000).optional().describe('Note for the record.'),
    result: z.unknown().optional().describe('Result. Replaces the result that the agent reported.'),
  }),
  output: tasksSchema,
  positional: ['tasks'],
  async run(context: WithRuns, input) {
    const completed = await changeTasks(context, 'task.complete', input.tasks, (task, at) =>
      complete(task, at, { reason: input.notes ?? 'completed', result: input.result }),
    );
    await ensureForReady(context);
    return completed;
  },
});
