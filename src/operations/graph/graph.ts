import { z } from 'zod';
import { drawGraph, graphFormats, tooLargeFor } from '../../core/graph/draw.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksOf } from '../task/project-tasks.ts';

/** Draws tasks and their dependencies. */
export const taskGraph = defineOperation('task.graph', {
  input: z.strictObject({
    project: z
      .string()
      .optional()
      .meta({ value: 'name' })
      .describe('Only tasks of this project and their dependencies.'),
    format: z.enum(graphFormats).optional().describe('Output format. Default: text.'),
  }),
  output: z.object({
    format: z.enum(graphFormats),
    graph: z.string(),
    tasks: z.number().int(),
    dependencies: z.number().int(),
    /** Tasks without a dependency in either direction. */
    alone: z.number().int(),
    /** Why a program may not draw the graph as it is. */
    warning: z.string().optional(),
  }),
  positional: [],
  async run({ store }: WithStore, { project, format = 'text' }) {
    await store.refresh();
    const { view } = store;
    const own = tasksOf(view, project);
    const drawn = new Map<string, TaskRecord>(own.map((task) => [task.id, task]));
    for (const task of own) {
      for (const id of task.depends_on) {
        const other = view.dependency(id);
        if (other !== undefined) drawn.set(id, other);
      }
    }
    const tasks = [...drawn.values()].sort((a, b) => a.number - b.number);
    const dependencies = tasks.reduce((sum, task) => sum + task.depends_on.filter((id) => drawn.has(id)).length, 0);
    const graph = drawGraph(tasks, format);
    const warning = tooLargeFor(format, graph, dependencies);
    return {
      format,
      graph,
      tasks: tasks.length,
      dependencies,
      alone: own.filter((task) => task.depends_on.length === 0 && !isWaitedFor(view, task)).length,
      ...(warning === undefined ? {} : { warning }),
    };
  },
});

function isWaitedFor(view: StoreView, { id }: TaskRecord): boolean {
  for (const _dependent of view.dependents(id)) return true;
  return false;
}
