import type { PlanItem } from '../../core/plan/plan.ts';
import { planLimits } from '../../core/plan/plan.ts';
import { titleFrom } from '../../core/task/create.ts';
import { limits } from '../../core/task/values.ts';

/** A text and the path of its file, relative to the imported folder. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A remark about an input that was understood in part. It does not prevent the import. */
export interface ImportNote {
  readonly message: string;
}

/** A task of another tool by its id there, before it has its place in a plan. */
export interface ForeignTask {
  readonly id: string;
  readonly title: string;
  readonly parent?: string | undefined;
  /** Ids of the tasks that must be completed first. */
  readonly dependsOn: readonly string[];
  readonly description?: string | undefined;
  readonly instructions?: string | undefined;
  readonly priority?: PlanItem['priority'];
  readonly agent?: string | undefined;
  readonly status?: PlanItem['status'];
  readonly labels?: readonly string[] | undefined;
  readonly acceptance?: readonly string[] | undefined;
  /** A container in the other tool, even without parts. */
  readonly isGroup?: boolean | undefined;
  /** Fields without a counterpart, dates included. */
  readonly rest?: Readonly<Record<string, unknown>> | undefined;
  readonly line?: number | undefined;
}

/**
 * The tree of a list of tasks. A task with parts becomes a group; a group never runs, so a task that depends on one depends
 * on its parts. Wrong references become notes.
 */
export function nestTasks(tasks: readonly ForeignTask[]): { items: PlanItem[]; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  const byId = new Map<string, ForeignTask>();
  for (const task of tasks) {
    if (byId.has(task.id)) notes.push({ message: `The id "${task.id}" occurs twice; the first task was kept.` });
    else byId.set(task.id, task);
  }
  const kept = [...byId.values()];
  const parents = parentsOf(kept, byId, notes);
  const children = new Map<string | undefined, ForeignTask[]>();
  for (const task of kept) {
    const parent = parents.get(task.id);
    children.set(parent, [...(children.get(parent) ?? []), task]);
  }
  const leaves = (id: string): string[] => (children.get(id) ?? []).flatMap((child) => isOrHasLeaves(child.id));
  const isOrHasLeaves = (id: string): string[] => (children.has(id) ? leaves(id) : [id]);
  const above = (id: string): Set<string> => {
    const all = new Set<string>();
    for (let next = parents.get(id); next !== undefined; next = parents.get(next)) all.add(next);
    return all;
  };
  const dependenciesOf = (task: ForeignTask): string[] => {
    const found = task.dependsOn.flatMap((id) => {
      if (!byId.has(id)) notes.push({ message: `${task.id} depends on "${id}", which is not in the source.` });
      else if (above(task.id).has(id) || id === task.id) {
        notes.push({ message: `${task.id} cannot depend on ${id}, which contains it.` });
      } else return isOrHasLeaves(id);
      return [];
    });
    return [...new Set(found)].slice(0, limits.dependencies);
  };
  const itemsIn = (parent: string | undefined): PlanItem[] =>
    (children.get(parent) ?? []).map((task) => {
      const parts = itemsIn(task.id);
      return itemOf(task, dependenciesOf(task), parts);
    });
  return { items: itemsIn(undefined), notes };
}

function parentsOf(
  tasks: readonly ForeignTask[],
  byId: ReadonlyMap<string, ForeignTask>,
  notes: ImportNote[],
): Map<string, string> {
  const parents = new Map<string, string>();
  for (const { id, parent } of tasks) {
    if (parent === undefined) continue;
    if (!byId.has(parent)) {
      notes.push({ message: `The parent "${parent}" of ${id} is not in the source.` });
      continue;
    }
    let depth = 0;
    let next: string | undefined = parent;
    for (; next !== undefined && next !== id && depth < planLimits.depth - 1; depth++) next = parents.get(next);
    if (next === undefined) parents.set(id, parent);
    else notes.push({ message: `${id} was moved to the top: its parents are a cycle or nested too deeply.` });
  }
  return parents;
}

function itemOf(task: ForeignTask, dependsOn: string[], children: PlanItem[]): PlanItem {
  const { id, description, instructions, priority, agent, status, rest = {}, line } = task;
  const labels = [...new Set((task.labels ?? []).map((label) => label.trim().slice(0, 100)).filter(Boolean))];
  const acceptance = (task.acceptance ?? []).map((each) => each.trim().slice(0, 2_000)).filter(Boolean);
  return {
    key: id.slice(0, planLimits.keyChars),
    kind: children.length > 0 || task.isGroup === true ? 'group' : 'work',
    title: titleFrom(task.title) || `Task ${id}`,
    ...(description?.trim() ? { description: description.slice(0, limits.textChars) } : {}),
    ...(instructions?.trim() ? { instructions: instructions.slice(0, limits.textChars) } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(agent === undefined ? {} : { agent }),
    ...(labels.length === 0 ? {} : { labels: labels.slice(0, limits.labels) }),
    ...(acceptance.length === 0 ? {} : { acceptance: acceptance.slice(0, 100) }),
    ...(status === undefined || status === 'pending' ? {} : { status }),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
    ...(Object.keys(rest).length === 0 ? {} : { metadata: { imported: rest } }),
    source: { id: id.slice(0, planLimits.keyChars), ...(line === undefined ? {} : { line }) },
    ...(children.length === 0 ? {} : { children }),
  };
}

/** A status of another tool: the status here, and a label that keeps a difference that tasks here do not have. */
export function foreignStatus(
  word: unknown,
  notes: ImportNote[],
  id: string,
): { status: PlanItem['status']; labels: string[] } {
  const name = typeof word === 'string' ? word.trim() : '';
  switch (name.toLowerCase().replace(/[\s_]+/g, '-')) {
    case '':
    case 'pending':
    case 'open':
    case 'to-do':
    case 'todo':
    case 'backlog':
      return { status: 'pending', labels: [] };
    case 'done':
    case 'completed':
    case 'complete':
    case 'closed':
      return { status: 'completed', labels: [] };
    case 'deferred':
    case 'paused':
    case 'on-hold':
      return { status: 'paused', labels: [] };
    case 'cancelled':
    case 'canceled':
    case 'tombstone':
    case 'deleted':
    case 'wont-do':
      return { status: 'cancelled', labels: [] };
    case 'in-progress':
    case 'review':
    case 'in-review':
    case 'blocked':
      // No agent of this folder works on it.
      return { status: 'pending', labels: [name.toLowerCase().replace(/[\s_]+/g, '-')] };
    default:
      notes.push({ message: `${id} has the unknown status "${name}"; it is pending, with a label.` });
      return { status: 'pending', labels: [name.slice(0, 100)] };
  }
}

/** The fields of an object that have a value and are not among the known ones. */
export function restOf(value: Readonly<Record<string, unknown>>, known: readonly string[]): Record<string, unknown> {
  const isEmpty = (each: unknown): boolean =>
    each === undefined || each === null || each === '' || (Array.isArray(each) && each.length === 0);
  return Object.fromEntries(Object.entries(value).filter(([key, each]) => !known.includes(key) && !isEmpty(each)));
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** A list of texts, from a list, or from one text. */
export function textsOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((each: unknown) => textOf(each)?.trim() || []);
}
