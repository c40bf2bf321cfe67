import { z } from 'zod';
import { dependencyOrder } from '../../core/graph/order.ts';
import { lostDependencies } from '../../core/task/dependencies.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksOf } from '../task/project-tasks.ts';

const namedSchema = z.object({ number: z.number().int(), title: z.string() });

/** Finds tasks that can never start: cycles, and tasks with a dependency that cannot complete. */
export const taskValidateDependencies = defineOperation('task.validate-dependencies', {
  input: z.strictObject({
    project: z.string().optional().meta({ value: 'name' }).describe('Only tasks of this project.'),
  }),
  output: z.object({
    valid: z.boolean(),
    tasks: z.number().int(),
    dependencies: z.number().int(),
    /** Each task waits for the next one, the last for the first. */
    circles: z.array(z.array(namedSchema)),
    /** Tasks that wait for a failed, cancelled or missing task; number and title of a deleted one may be null. */
    lost: z.array(
      namedSchema.extend({
        on: z.array(
          z.object({
            id: z.string(),
            number: z.number().int().nullable(),
            title: z.string().nullable(),
            status: z.enum(['failed', 'cancelled', 'deleted']),
          }),
        ),
      }),
    ),
  }),
  positional: [],
  async run({ store }: WithStore, { project }) {
    await store.refresh();
    const { view } = store;
    const isIn = (task: TaskRecord): boolean => project === undefined || task.project === project;
    const own = tasksOf(view, project).sort((a, b) => a.number - b.number);
    // A circle may lead through other projects.
    const circles = dependencyOrder(view.all())
      .circles.filter((circle) => circle.some(isIn))
      .map((circle) => circle.map(named));
    const lost = own
      .filter((task) => !isTerminal(task.status))
      .map((task) => ({
        ...named(task),
        on: lostDependencies(task, (id) => view.dependency(id)).map((lost) => lostOf(task, lost)),
      }))
      .filter(({ on }) => on.length > 0);
    return {
      valid: circles.length === 0 && lost.length === 0,
      tasks: own.length,
      dependencies: own.reduce((sum, task) => sum + task.depends_on.length, 0),
      circles,
      lost,
    };
  },
});

function named({ number, title }: TaskRecord): z.output<typeof namedSchema> {
  return { number, title };
}

function lostOf(
  by: TaskRecord,
  { id, task }: { id: string; task: TaskRecord | undefined },
): {
  id: string;
  number: number | null;
  title: string | null;
  status: 'failed' | 'cancelled' | 'deleted';
} {
  if (task === undefined) {
    const { number = null, title = null } = by.deleted_dependencies?.[id] ?? {};
    return { id, number, title, status: 'deleted' };
  }
  return { id, ...named(task), status: task.status === 'failed' ? 'failed' : 'cancelled' };
}
