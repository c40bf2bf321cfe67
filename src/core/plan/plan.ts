import { z } from 'zod';
import { createTaskSchema, titleSchema } from '../task/create.ts';
import { limits } from '../task/schema.ts';

/** Limits of a plan: more items, or deeper ones, are a mistake or an attack. */
export const planLimits = { items: 10_000, depth: 20, keyChars: 200, sourceChars: 2_000 } as const;

const key = z.string().trim().min(1).max(planLimits.keyChars);
const { labels, constraints, acceptanceCriteria } = createTaskSchema.shape;

const planItemFields = {
  /** Names the item inside its plan; other items refer to it. */
  key,
  /** `group` never runs: its children do. */
  kind: z.enum(['work', 'group']),
  title: titleSchema,
  description: z.string().max(limits.textChars).optional(),
  instructions: z.string().max(limits.textChars).optional(),
  priority: createTaskSchema.shape.priority,
  /** Agent name; the folder's default agent if missing. */
  agent: createTaskSchema.shape.tool,
  /** Phases, each with its own agent, instead of one agent. */
  workflow: createTaskSchema.shape.workflow,
  /** Commands that must succeed before the task is completed. */
  checks: createTaskSchema.shape.checks,
  labels,
  constraints,
  acceptance: acceptanceCriteria,
  requiresApproval: z.boolean().optional(),
  status: z.enum(['pending', 'completed', 'cancelled', 'paused']).optional(),
  /** Keys of items of this plan, or references to existing tasks: number, id or exact title. */
  dependsOn: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(2 * limits.titleChars),
    )
    .max(limits.dependencies)
    .optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** Its place in the source of the plan. */
  source: z
    .strictObject({
      /** Its id in the other tool. */
      id: z.string().max(planLimits.keyChars).optional(),
      /** Line of the file, from 1. */
      line: z.number().int().positive().optional(),
      /** Text of the line, without list marks and checkbox. */
      text: z.string().max(planLimits.sourceChars).optional(),
    })
    .optional(),
};

export interface PlanItem extends z.infer<z.ZodObject<typeof planItemFields>> {
  children?: PlanItem[] | undefined;
}

const planItemSchema: z.ZodType<PlanItem> = z.strictObject({
  ...planItemFields,
  kind: planItemFields.kind.default('work'),
  get children() {
    return z.array(planItemSchema).max(planLimits.items).optional();
  },
});

/** Several tasks that are created together or not at all. Templates, importers and programs produce this value. */
export const planSchema = z.strictObject({
  project: createTaskSchema.shape.project,
  description: z.string().max(limits.textChars).optional(),
  /** Applying a plan of the same source again updates the tasks that came from it. */
  source: z
    .strictObject({
      /** Format or tool: `spec-kit`, `task-master`, `github`. */
      tool: z.string().min(1).max(50),
      /** File or folder, relative to the workspace; for a service the name of the project there. */
      file: z.string().min(1).max(1_000).optional(),
    })
    .optional(),
  items: z.array(planItemSchema).min(1).max(planLimits.items),
});

export type Plan = z.output<typeof planSchema>;

/** An item in its place in the plan. */
export interface PlacedItem {
  readonly item: PlanItem;
  readonly parent: PlanItem | undefined;
  /** 0 for items without a parent. */
  readonly depth: number;
}

/** All items with their parents, in the order of the plan: parents before their children. */
export function placedItems(plan: Plan): PlacedItem[] {
  const placed: PlacedItem[] = [];
  const stack: PlacedItem[] = plan.items.map((item) => ({ item, parent: undefined, depth: 0 })).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    placed.push(next);
    for (const child of [...(next.item.children ?? [])].reverse()) {
      stack.push({ item: child, parent: next.item, depth: next.depth + 1 });
    }
  }
  return placed;
}
