import * as z from 'zod/mini';

const text = z.string();
const count = z.number();
const path = text.check(z.maxLength(10_000));
const id = text.check(z.maxLength(100));

export const filterSchema = z.strictObject({
  /** Path of a workspace folder; the first folder if it is empty. */
  folder: path,
  /** Name of a project, `-` for tasks without one, empty for all. */
  project: text.check(z.maxLength(1_000)),
  /** Id of the task on top of a phase, `-` for tasks without one, empty for all. */
  phase: id,
  /** Id of a task whose neighbourhood is shown, or empty. */
  task: id,
  detail: z.enum(['auto', 'tasks', 'clusters']),
});

const nodeSchema = z.object({
  /** Unique in the scene; the number of a task. */
  number: count,
  /** Id of a task; empty for a cluster. */
  id: text,
  /** Scope of a cluster. */
  scope: z.nullable(z.object({ project: text, phase: text })),
  label: text,
  /** The second line of the box: the standing, or the number of tasks. */
  detail: text,
  mark: text,
  /** Share of each mark in a cluster, from 0 to 1. */
  shares: z.array(z.object({ mark: text, share: count })),
  critical: z.boolean(),
  /** Number of the task that it is a part of. */
  parent: z.nullable(count),
  x: count,
  y: count,
});

const lineSchema = z.object({
  from: count,
  to: count,
  kind: z.enum(['dependency', 'parent', 'cycle']),
  critical: z.boolean(),
  start: z.array(count),
  /** Each `[x, y]` of a straight line, or `[x1, y1, x2, y2, x, y]` of a curve. */
  steps: z.array(z.array(count)),
});

const sceneSchema = z.object({
  width: count,
  height: count,
  boxWidth: count,
  boxHeight: count,
  kind: z.enum(['tasks', 'clusters']),
  nodes: z.array(nodeSchema),
  lines: z.array(lineSchema),
  /** Tasks of the scope, shown or not. */
  total: count,
  canSwitch: z.boolean(),
  /** Tasks on the critical path. */
  critical: count,
});

const loadedSchema = z.object({
  folders: z.array(z.object({ path: text, name: text })),
  projects: z.array(text),
  /** Some tasks have no project. */
  loose: z.boolean(),
  /** The filter that the page asks for next: the given one, or the later wish of "Show in Graph". */
  wish: filterSchema,
  /** The applied filter: missing folders, projects, phases and tasks of the wish are replaced. */
  filter: filterSchema,
  /** Name of the phase or the task of the filter; empty without one. */
  scopeName: text,
  /** Null if no folder has tasks. */
  scene: z.nullable(sceneSchema),
});

const wordsSchema = z.object({
  folder: text,
  project: text,
  allProjects: text,
  noProject: text,
  back: text,
  showTasks: text,
  showClusters: text,
  search: text,
  match: text,
  matches: text,
  noMatch: text,
  zoomIn: text,
  zoomOut: text,
  fit: text,
  exportSvg: text,
  exportPng: text,
  open: text,
  neighbourhood: text,
  addDependency: text,
  removeDependency: text,
  canvas: text,
  tree: text,
  waitsFor: text,
  neededBy: text,
  partOf: text,
  criticalTask: text,
  critical: text,
  legend: text,
  dependency: text,
  parent: text,
  summary: text,
  partly: text,
  empty: text,
  wouldCycle: text,
  dropToAdd: text,
  dropToRemove: text,
  help: text,
  /** Mark, name and shape of each standing; polygons in a square of 12 by 12. */
  marks: z.array(z.object({ mark: text, name: text, polygons: z.array(z.array(z.array(count))) })),
});

const edge = z.strictObject({ folder: path, task: id, dependsOn: id });
const done = z.null();

/** Messages of the graph page. */
export const graphProtocol = {
  requests: {
    words: { input: z.strictObject({}), output: wordsSchema },
    load: { input: filterSchema, output: loadedSchema },
    openTask: { input: z.strictObject({ folder: path, task: id }), output: done },
    addDependency: { input: edge, output: done },
    removeDependency: { input: edge, output: done },
    /** Lets the person choose the other task from a list. */
    chooseDependency: {
      input: z.strictObject({ folder: path, task: id, change: z.enum(['add', 'remove']) }),
      output: done,
    },
    /** Saves the shown picture as a file that the person chooses. */
    exportPicture: { input: z.strictObject({ filter: filterSchema, format: z.enum(['svg', 'png']) }), output: done },
  },
  events: {
    /** Tasks have changed; the page loads again. */
    changed: z.object({}),
    /** Shows another scope. */
    scope: filterSchema,
  },
};

export type GraphProtocol = typeof graphProtocol;
export type Filter = z.output<typeof filterSchema>;
export type GraphScene = z.output<typeof sceneSchema>;
export type GraphNode = z.output<typeof nodeSchema>;
export type GraphLine = z.output<typeof lineSchema>;
export type Loaded = z.output<typeof loadedSchema>;
export type GraphWords = z.output<typeof wordsSchema>;
