import { z } from 'zod';
import { standing } from '../../core/task/standing.ts';
import { queuedTasks } from '../../runtime/schedule/scheduler.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskSummarySchema, withWaiting } from '../task/output.ts';
import { worldNow } from './standings.ts';

/** The tasks that can start now, whether the queue plays or not, in the order in which it would run them. */
export const next = defineOperation('next', {
  input: z.strictObject({
    limit: z.number().int().positive().max(1_000).optional().describe('Number of tasks. Default: 1.'),
    project: z.string().optional().meta({ value: 'name' }).describe('Only tasks of this project.'),
  }),
  output: z.object({ tasks: z.array(taskSummarySchema) }),
  positional: [],
  async run(context: WithStandings, { limit = 1, project }) {
    const { store } = context;
    await store.refresh();
    const world = worldNow(context, true);
    const found = queuedTasks(store.view, limit, {
      playing: true,
      fits: (task) => {
        if (project !== undefined && task.project !== project) return false;
        const situation = standing(task, world);
        return situation.kind === 'ready' || (situation.kind === 'waiting' && situation.for === 'parallel_limit');
      },
    });
    const ids = new Set<string>(found.map(({ id }) => id));
    const { tasks } = await store.listTasks({ filter: { status: ['pending', 'paused'] }, limit: 100_000 });
    const byId = new Map(tasks.filter(({ id }) => ids.has(id)).map((task) => [task.id as string, task]));
    return {
      tasks: await withWaiting(
        context,
        found.flatMap(({ id }) => byId.get(id) ?? []),
      ),
    };
  },
});
