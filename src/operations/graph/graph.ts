import { z } from 'zod';
import { drawGraph, graphFormats } from '../../core/graph/draw.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksOf } from '../task/project-tasks.ts';

/** Tasks that wait for others or are waited for, with what they wait for. */
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
    /** Tasks that neither wait nor are waited for; they are not drawn. */
    alone: z.number().int(),
  }),
  positional: [],
  async run({ store }: WithStore, { project, format = 'text' }) {
    await store.refresh();
    const { view } = store;
    const own = tasksOf(view, project);
    const drawn = new Map<string, TaskRecord>();
    for (const task of own) if (task.depends_on.length > 0 || isWaitedFor(view, task)) drawn.set(task.id, task);
    const { size } = drawn;
    for (const task of [...drawn.values()].filter((each) => project === undefined || each.project === project)) {
      for (const id of task.depends_on) {
        const other = view.dependency(id);
        if (other !== undefined) drawn.set(id, other);
      }
    }
    const tasks = [...drawn.values()].sort((a, b) => a.number - b.number);
    return {
      format,
      graph: drawGraph(tasks, format),
      tasks: tasks.length,
      dependencies: tasks.reduce((sum, task) => sum + task.depends_on.filter((id) => drawn.has(id)).length, 0),
      alone: own.length - size,
    };
  },
});

function isWaitedFor(view: StoreView, { id }: TaskRecord): boolean {
  for (const _dependent of view.dependents(id)) return true;
  return false;
}
