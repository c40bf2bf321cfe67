import type { TaskRecord } from '../task/schema.ts';
import { textDigest } from '../text/digest.ts';
import type { PlacedItem, Plan, PlanItem } from './plan.ts';

/** The parts of a planned task that a later version of its source can change. */
export const planFields = [
  'title',
  'description',
  'instructions',
  'priority',
  'labels',
  'constraints',
  'acceptance',
  'dependsOn',
  'status',
  'metadata',
] as const;

export type PlanField = (typeof planFields)[number];

/** The place of a task in the source of its plan, as kept in the metadata of the task. */
export interface TaskSource {
  readonly tool: string;
  readonly file?: string | undefined;
  readonly id?: string | undefined;
  readonly line?: number | undefined;
  readonly text?: string | undefined;
  /** Digests of the fields as last applied: a field that is equal in the source keeps the changes of people. */
  readonly applied: Readonly<Partial<Record<PlanField, string>>>;
}

/** The source of a task; undefined for a task that came from none. Metadata is untrusted. */
export function sourceOf({ metadata }: Pick<TaskRecord, 'metadata'>): TaskSource | undefined {
  const { source } = metadata as { source?: unknown };
  if (typeof source !== 'object' || source === null) return undefined;
  const { tool, file, id, line, text, applied } = source as Record<string, unknown>;
  if (typeof tool !== 'string') return undefined;
  return {
    tool,
    file: typeof file === 'string' ? file : undefined,
    id: typeof id === 'string' ? id : undefined,
    line: typeof line === 'number' ? line : undefined,
    text: typeof text === 'string' ? text : undefined,
    applied: typeof applied === 'object' && applied !== null ? applied : {},
  };
}

/** The metadata of a task from an item of a plan. */
export function planMetadata({ source }: Plan, item: PlanItem): Record<string, unknown> {
  const own = { ...item.metadata, plan_key: item.key };
  return source === undefined ? own : { ...own, source: { ...source, ...item.source, applied: digestsOf(item) } };
}

/** Fields of an item that differ from those that were last applied to its task. */
export function changedFields(item: PlanItem, source: TaskSource): PlanField[] {
  const digests = digestsOf(item);
  return planFields.filter((field) => digests[field] !== source.applied[field]);
}

function digestsOf(item: PlanItem): Partial<Record<PlanField, string>> {
  const digests: Partial<Record<PlanField, string>> = {};
  for (const field of planFields) {
    const value = item[field];
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) digests[field] = digestOf(value);
  }
  return digests;
}

/** The tasks that came from the same source as a plan, joined to its items. */
export interface Matches {
  readonly tasks: ReadonlyMap<PlanItem, TaskRecord>;
  /** Tasks whose item is no longer in the source. */
  readonly missing: readonly TaskRecord[];
}

/**
 * Joins tasks to items of a plan from the same file: first those with the same key and title, then by the title alone,
 * because positions move, then by the key alone, because titles change.
 */
export function matchSource(plan: Plan, placed: readonly PlacedItem[], all: Iterable<TaskRecord>): Matches {
  const { source } = plan;
  const free = new Set<TaskRecord>();
  if (source?.file !== undefined) for (const task of all) if (sourceOf(task)?.file === source.file) free.add(task);
  const tasks = new Map<PlanItem, TaskRecord>();
  const join = (nameOf: (key: string, title: string) => string): void => {
    const byName = new Map<string, TaskRecord[]>();
    for (const task of free) {
      const name = nameOf(planKeyOf(task), titleDigest(task));
      byName.set(name, [...(byName.get(name) ?? []), task]);
    }
    for (const { item } of placed) {
      if (tasks.has(item)) continue;
      const [task, second] = byName.get(nameOf(item.key, digestOf(item.title))) ?? [];
      if (task === undefined || second !== undefined || !free.has(task)) continue;
      tasks.set(item, task);
      free.delete(task);
    }
  };
  if (free.size > 0) {
    join((key, title) => `${key}\n${title}`);
    join((_, title) => title);
    join((key) => key);
  }
  return { tasks, missing: [...free] };
}

/** The key of the item from which a task was planned; empty for a task without one. */
export function planKeyOf({ metadata }: Pick<TaskRecord, 'metadata'>): string {
  const { plan_key: key } = metadata as { plan_key?: unknown };
  return typeof key === 'string' ? key : '';
}

/** The digest of the title in the source, also if a person has changed the title of the task. */
function titleDigest(task: TaskRecord): string {
  return sourceOf(task)?.applied.title ?? digestOf(task.title);
}

function digestOf(value: unknown): string {
  return textDigest(JSON.stringify(value));
}
