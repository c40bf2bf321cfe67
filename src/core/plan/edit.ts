import { z } from 'zod';
import { createTaskSchema, titleSchema } from '../task/create.ts';
import { type Plan, type PlanItem, planLimits } from './plan.ts';

/** Amounts that a person can change in the preview of a plan. */
const editableLimits = ['max_tokens', 'max_cost_usd', 'max_duration_minutes'] as const;

const amount = z.number().positive().nullable().optional();
const key = z.string().max(planLimits.keyChars);

/** A person's changes of one item. A missing field stays; null removes the value. */
const itemEditSchema = z.strictObject({
  title: titleSchema.optional(),
  agent: createTaskSchema.shape.tool.nullable().optional(),
  limits: z.strictObject({ max_tokens: amount, max_cost_usd: amount, max_duration_minutes: amount }).optional(),
});

/** A person's changes of a plan before it is applied. */
export const planEditsSchema = z.strictObject({
  /** Keys of items to leave out, each with everything below it. */
  skip: z.array(key).max(planLimits.items),
  /** Changes by the keys of their items. */
  items: z.record(key, itemEditSchema),
});

type ItemEdit = z.output<typeof itemEditSchema>;
export type PlanEdits = z.output<typeof planEditsSchema>;

/**
 * A plan after a person's changes. An item that depended on a skipped item depends on the dependencies of that item
 * instead, so that the rest keeps its order. Undefined if nothing is left.
 */
export function editPlan(plan: Plan, { skip, items }: PlanEdits): Plan | undefined {
  const dropped = new Map<string, readonly string[]>();
  const skipped = new Set(skip);
  const edits = new Map(Object.entries(items));
  const kept = (list: readonly PlanItem[], isBelowSkipped: boolean): PlanItem[] =>
    list.flatMap((item) => {
      const isSkipped = isBelowSkipped || skipped.has(item.key);
      const children = item.children === undefined ? undefined : kept(item.children, isSkipped);
      if (!isSkipped) return [withEdit({ ...item, children }, edits.get(item.key))];
      dropped.set(item.key, item.dependsOn ?? []);
      return [];
    });
  const left = kept(plan.items, false);
  if (left.length === 0) return undefined;
  return { ...plan, items: dropped.size === 0 ? left : bridged(left, dropped) };
}

function withEdit(item: PlanItem, edit: ItemEdit | undefined): PlanItem {
  if (edit === undefined) return item;
  const changed = { ...item };
  if (edit.title !== undefined) changed.title = edit.title;
  if (edit.agent !== undefined) {
    changed.agent = edit.agent ?? undefined;
    // One agent for the whole task replaces the agents of its phases.
    if (edit.agent !== null) changed.workflow = undefined;
  }
  if (edit.limits !== undefined) {
    const constraints = { ...item.constraints };
    for (const name of editableLimits) {
      const value = edit.limits[name];
      if (value === null) delete constraints[name];
      else if (value !== undefined) constraints[name] = value;
    }
    changed.constraints = constraints;
  }
  return changed;
}

/** Replaces dependencies on dropped items by the dependencies of those. */
function bridged(list: readonly PlanItem[], dropped: ReadonlyMap<string, readonly string[]>): PlanItem[] {
  const reached = (names: readonly string[]): string[] => {
    const found = new Set<string>();
    const seen = new Set<string>();
    const stack = [...names].reverse();
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      const beyond = dropped.get(name);
      if (beyond === undefined) found.add(name);
      else if (!seen.has(name)) {
        seen.add(name);
        stack.push(...[...beyond].reverse());
      }
    }
    return [...found];
  };
  const walk = (items: readonly PlanItem[]): PlanItem[] =>
    items.map((item) => ({
      ...item,
      ...(item.dependsOn === undefined
        ? {}
        : { dependsOn: reached(item.dependsOn).filter((name) => name !== item.key) }),
      ...(item.children === undefined ? {} : { children: walk(item.children) }),
    }));
  return walk(list);
}
