import { z } from 'zod';
import type { TaskRecord } from '../../core/task/schema.ts';
import { standing } from '../../core/task/standing.ts';
import { queuedTasks } from '../../runtime/schedule/scheduler.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksById, tasksSchema } from '../task/output.ts';
import { slotsOf } from './standings.ts';
import { waitingOf, waitingSchema } from './waiting.ts';
import { worldNow } from './world-now.ts';

/** Waiting tasks that the answer explains; `queue status` and `task list` show the others. */
const EXPLAINED = 10;

/**
 * The tasks that can start now, whether the queue plays or not, in the order in which it would run them, and why the others
 * cannot.
 */
export const next = defineOperation('next', {
  input: z.strictObject({
    limit: z.number().int().positive().max(1_000).optional().describe('Number of tasks. Default: 1.'),
    project: z.string().optional().meta({ value: 'name' }).describe('Only tasks of this project.'),
  }),
  output: tasksSchema.extend({
    /** Tasks that cannot start now, by number, the first ten. */
    waiting: z.array(waitingSchema.extend({ number: z.number().int(), title: z.string() })),
    waiting_total: z.number().int(),
  }),
  positional: [],
  async run(context: WithStandings, { limit = 1, project }) {
    const { store } = context;
    await store.refresh();
    const world = worldNow(context, true, await slotsOf(context));
    const waiting = [...store.view.byStatus('pending'), ...store.view.byStatus('paused')]
      .filter((task) => isWithin(task, project))
      .sort((a, b) => a.number - b.number)
      .flatMap((task) => {
        const held = waitingOf(standing(task, world));
        if (held === undefined || held.for === 'parallel_limit') return [];
        return [{ number: task.number, title: task.title, ...held }];
      });
    const found = queuedTasks(store.view, limit, {
      playing: true,
      fits: (task) => {
        if (!isWithin(task, project)) return false;
        const situation = standing(task, world);
        return situation.kind === 'ready' || (situation.kind === 'waiting' && situation.for === 'parallel_limit');
      },
    });
    const { tasks } = await tasksById(
      context,
      found.map(({ id }) => id),
    );
    return { tasks, waiting: waiting.slice(0, EXPLAINED), waiting_total: waiting.length };
  },
});

function isWithin(task: TaskRecord, project: string | undefined): boolean {
  return project === undefined || task.project === project;
}
