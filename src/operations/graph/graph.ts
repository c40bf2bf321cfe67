import { z } from 'zod';
import { drawGraph, type GraphFormat, graphFormats, graphNodes, tooLargeFor } from '../../core/graph/draw.ts';
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
    /** The drawing; a PNG in base64. */
    graph: z.string(),
    tasks: z.number().int(),
    dependencies: z.number().int(),
    /** Tasks without a dependency in either direction. */
    alone: z.number().int(),
    /** Why a program may refuse to draw the graph. */
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
    const { graph, warning } = format === 'png' ? await pngOf(tasks) : textOf(tasks, format, dependencies);
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

interface Drawing {
  readonly graph: string;
  readonly warning?: string | undefined;
}

function textOf(tasks: readonly TaskRecord[], format: Exclude<GraphFormat, 'png'>, dependencies: number): Drawing {
  const graph = drawGraph(tasks, format);
  return { graph, warning: tooLargeFor(format, graph, dependencies) };
}

async function pngOf(tasks: readonly TaskRecord[]): Promise<Drawing> {
  const { drawPng } = await import('./png/draw-png.ts');
  const { bytes, missing } = drawPng(graphNodes(tasks));
  const letters = missing === 1 ? '1 letter' : `${missing} letters`;
  const warning =
    missing === 0 ? undefined : `The font of the PNG does not have ${letters} of these titles. An SVG shows them.`;
  return { graph: bytes.toString('base64'), warning };
}

function isWaitedFor(view: StoreView, { id }: TaskRecord): boolean {
  for (const _dependent of view.dependents(id)) return true;
  return false;
}
