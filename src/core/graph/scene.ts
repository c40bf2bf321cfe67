import type { TaskRecord } from '../task/schema.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { criticalPath } from './critical-path.ts';
import type { MarkKind } from './marks.ts';
import type { PictureNode } from './picture.ts';
import { type GraphScope, NONE, phaseOf, type ScopeTasks, tasksInScope } from './scope.ts';

/** `auto` shows clusters of more than 300 tasks. */
export type GraphDetail = 'auto' | 'tasks' | 'clusters';

/** From this many tasks on, clusters come first. */
const CLUSTERS_FROM = 300;
/** A picture has at most this many tasks. */
const MOST_TASKS = 3_000;

/**
 * A task in a scene. `after` holds its dependencies, and its parent if no dependency has the same parent: lines from a
 * phase to each of its tasks would hide all others.
 */
export interface TaskNode extends PictureNode {
  readonly kind: 'task';
  readonly task: TaskRecord;
  readonly mark: MarkKind;
  /** Part of the critical path. */
  readonly critical: boolean;
  /** Number of the parent, if it is shown. */
  readonly parent: number | undefined;
}

/** All tasks of a project or of a phase. */
export interface ClusterNode extends PictureNode {
  readonly kind: 'cluster';
  /** Scope that shows its tasks. */
  readonly scope: GraphScope;
  /** Name of the project, or of the phase; `-` for the tasks without. */
  readonly name: string;
  readonly level: 'project' | 'phase';
  readonly tasks: number;
  /** Numbers of its tasks by mark. */
  readonly marks: Readonly<Partial<Record<MarkKind, number>>>;
}

export interface Scene {
  readonly nodes: readonly TaskNode[] | readonly ClusterNode[];
  /** Tasks in the scope. */
  readonly total: number;
  /** True if clusters and tasks can both be shown. */
  readonly canSwitch: boolean;
  /** Ids of the critical path, in the order in which the tasks run. */
  readonly critical: readonly string[];
}

/** Decides between tasks and clusters, and relates them. Pure. */
export function sceneOf(
  tasks: ScopeTasks,
  scope: GraphScope,
  detail: GraphDetail,
  markOf: (task: TaskRecord) => MarkKind,
): Scene {
  const found = tasksInScope(tasks, scope);
  const critical = criticalPath(found);
  const clusters = detail === 'clusters' || found.length > CLUSTERS_FROM ? clustersOf(found, tasks, scope, markOf) : [];
  const facts = { total: found.length, critical };
  const canSwitch = clusters.length > 1 || (found.length <= CLUSTERS_FROM && isDivisible(found, tasks, scope));
  if (clusters.length > 1 && detail !== 'tasks') return { ...facts, canSwitch, nodes: clusters };
  return { ...facts, canSwitch, nodes: taskNodes(found, new Set(critical), markOf) };
}

function taskNodes(
  found: readonly TaskRecord[],
  critical: ReadonlySet<string>,
  markOf: (task: TaskRecord) => MarkKind,
): TaskNode[] {
  // Finished tasks give way first.
  const shown =
    found.length <= MOST_TASKS
      ? found
      : [...found].sort((a, b) => rank(a) - rank(b) || a.number - b.number).slice(0, MOST_TASKS);
  const numbers = new Map<string, number>(shown.map(({ id, number }) => [id, number]));
  const parents = new Map<string, string | undefined>(shown.map(({ id, parent_id }) => [id, parent_id]));
  return shown.map((task) => {
    const dependencies = task.depends_on.flatMap((id) => numbers.get(id) ?? []);
    const parent = task.parent_id === undefined ? undefined : numbers.get(task.parent_id);
    const isImplied =
      parent === undefined || task.depends_on.some((id) => id === task.parent_id || parents.get(id) === task.parent_id);
    return {
      kind: 'task',
      number: task.number,
      task,
      mark: markOf(task),
      critical: critical.has(task.id),
      parent,
      after: isImplied ? dependencies : [...dependencies, parent],
    };
  });
}

function rank({ status }: TaskRecord): number {
  return status === 'completed' || status === 'cancelled' ? 1 : 0;
}

interface Group {
  readonly number: number;
  readonly key: string;
  readonly after: Set<number>;
  readonly marks: Partial<Record<MarkKind, number>>;
  tasks: number;
}

function clustersOf(
  found: readonly TaskRecord[],
  tasks: ScopeTasks,
  scope: GraphScope,
  markOf: (task: TaskRecord) => MarkKind,
): ClusterNode[] {
  const level = levelOf(found, scope);
  if (level === undefined) return [];
  const keyOf = (task: TaskRecord): string => (level === 'project' ? (task.project ?? NONE) : phaseOf(task, tasks));
  const groups = new Map<string, Group>();
  const groupOfTask = new Map<string, Group>();
  for (const task of found) {
    const key = keyOf(task);
    const group = groups.get(key) ?? { number: groups.size + 1, key, after: new Set(), marks: {}, tasks: 0 };
    groups.set(key, group);
    groupOfTask.set(task.id, group);
    const mark = markOf(task);
    group.tasks += 1;
    group.marks[mark] = (group.marks[mark] ?? 0) + 1;
  }
  for (const task of found) {
    const own = groupOfTask.get(task.id);
    for (const id of task.depends_on) {
      const other = groupOfTask.get(id);
      if (own !== undefined && other !== undefined && own !== other) own.after.add(other.number);
    }
  }
  const project = scope.project === '' ? (found[0]?.project ?? NONE) : scope.project;
  return [...groups.values()].map(({ key, after, ...group }) => ({
    ...group,
    kind: 'cluster',
    level,
    after: [...after],
    name: level === 'project' ? sanitizeLine(key) : nameOfPhase(key, tasks),
    scope: level === 'project' ? { project: key, phase: '', task: '' } : { project, phase: key, task: '' },
  }));
}

/** Projects first, then phases; undefined where a scope has neither. */
function levelOf(found: readonly TaskRecord[], scope: GraphScope): 'project' | 'phase' | undefined {
  if (scope.task !== '' || scope.phase !== '') return undefined;
  if (scope.project !== '') return 'phase';
  return new Set(found.map(({ project }) => project)).size > 1 ? 'project' : 'phase';
}

function isDivisible(found: readonly TaskRecord[], tasks: ScopeTasks, scope: GraphScope): boolean {
  const level = levelOf(found, scope);
  if (level === undefined) return false;
  if (level === 'project') return true;
  const [first] = found;
  return first !== undefined && found.some((task) => phaseOf(task, tasks) !== phaseOf(first, tasks));
}

function nameOfPhase(key: string, tasks: ScopeTasks): string {
  const task = tasks.byId(key);
  return task === undefined ? NONE : `#${task.number} ${sanitizeLine(task.title)}`;
}
