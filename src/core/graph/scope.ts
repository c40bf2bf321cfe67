import type { TaskRecord } from '../task/schema.ts';

/** A part of the tasks of a folder. An empty string selects all. */
export interface GraphScope {
  /** Name of a project. */
  readonly project: string;
  /** Key of a phase in the project: `phaseOf`. */
  readonly phase: string;
  /** Id of a task: only its neighbourhood. */
  readonly task: string;
}

/** The part of a store that a scope reads. */
export interface ScopeTasks {
  all(): Iterable<TaskRecord>;
  byId(id: string): TaskRecord | undefined;
  byProject(project: string): Iterable<TaskRecord>;
  children(id: string): Iterable<TaskRecord>;
  dependency(id: string): TaskRecord | undefined;
  dependents(id: string): Iterable<TaskRecord>;
}

/** Key of tasks without a project, and of tasks without a phase. */
export const NONE = '-';
/** Distance from a task to the tasks of its neighbourhood, and the largest number of them. */
const DISTANCE = 3;
const MOST_NEIGHBOURS = 150;

/** The tasks of a scope, by number. */
export function tasksInScope(tasks: ScopeTasks, scope: GraphScope): TaskRecord[] {
  const center = scope.task === '' ? undefined : tasks.byId(scope.task);
  if (center !== undefined) return sorted(neighbourhood(tasks, center));
  if (scope.project === '') return sorted(tasks.all());
  const own =
    scope.project === NONE ? only(tasks.all(), ({ project }) => project === undefined) : tasks.byProject(scope.project);
  return sorted(scope.phase === '' ? own : only(own, (task) => phaseOf(task, tasks) === scope.phase));
}

/** Key of the phase of a task: the id of the topmost task above it or of a task with subtasks, otherwise `-`. */
export function phaseOf(task: TaskRecord, tasks: Pick<ScopeTasks, 'byId' | 'children'>): string {
  let top = task;
  const seen = new Set([task.id]);
  for (let up = parentOf(top, tasks); up !== undefined && !seen.has(up.id); up = parentOf(top, tasks)) {
    seen.add(up.id);
    top = up;
  }
  if (top !== task || task.kind === 'group') return top.id;
  for (const _child of tasks.children(task.id)) return task.id;
  return NONE;
}

function parentOf({ parent_id }: TaskRecord, tasks: Pick<ScopeTasks, 'byId'>): TaskRecord | undefined {
  return parent_id === undefined ? undefined : tasks.byId(parent_id);
}

/** A task with the tasks around it, the nearest first. */
function neighbourhood(tasks: ScopeTasks, center: TaskRecord): Iterable<TaskRecord> {
  const found = new Map<string, TaskRecord>([[center.id, center]]);
  let border = [center];
  for (let distance = 0; distance < DISTANCE; distance += 1) {
    const next: TaskRecord[] = [];
    for (const task of border) {
      for (const other of around(task, tasks)) {
        if (found.has(other.id)) continue;
        if (found.size >= MOST_NEIGHBOURS) return found.values();
        found.set(other.id, other);
        next.push(other);
      }
    }
    border = next;
  }
  return found.values();
}

function* around(task: TaskRecord, tasks: ScopeTasks): Iterable<TaskRecord> {
  for (const id of task.depends_on) {
    const dependency = tasks.dependency(id);
    if (dependency !== undefined) yield dependency;
  }
  yield* tasks.dependents(task.id);
  const parent = parentOf(task, tasks);
  if (parent !== undefined) yield parent;
  yield* tasks.children(task.id);
}

function* only(tasks: Iterable<TaskRecord>, test: (task: TaskRecord) => boolean): Iterable<TaskRecord> {
  for (const task of tasks) if (test(task)) yield task;
}

function sorted(tasks: Iterable<TaskRecord>): TaskRecord[] {
  return [...tasks].sort((a, b) => a.number - b.number);
}
