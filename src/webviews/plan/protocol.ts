import * as z from 'zod/mini';
import { formFieldSchema, formValuesSchema } from '../kit/form-schema.ts';

const text = z.string();
const key = z.string().check(z.maxLength(200));
/** The page takes no longer title and no larger limit: the host ignores a message that does not match. */
export const MAX_TITLE_CHARS = 1_000;
export const MAX_AMOUNT = 1e12;
const amount = z.optional(z.nullable(z.number().check(z.positive(), z.maximum(MAX_AMOUNT))));

/** A person's changes of one item; null removes a value. */
const editSchema = z.strictObject({
  title: z.optional(z.string().check(z.maxLength(MAX_TITLE_CHARS))),
  agent: z.optional(z.nullable(z.string().check(z.maxLength(64)))),
  limits: z.optional(z.strictObject({ max_tokens: amount, max_cost_usd: amount, max_duration_minutes: amount })),
});

/** Everything that a person changed. */
export const editsSchema = z.strictObject({
  skip: z.array(key).check(z.maxLength(10_000)),
  items: z.record(key, editSchema),
});

const itemSchema = z.object({
  key: text,
  /** 0 for items without a parent. */
  depth: z.int(),
  group: z.boolean(),
  title: text,
  /** Begins unchecked. */
  skipped: z.boolean(),
  /** The agent that runs it; empty for a group. */
  agent: text,
  /** Its phases have their own agents. */
  phases: z.boolean(),
  limits: z.object({ max_tokens: amount, max_cost_usd: amount, max_duration_minutes: amount }),
  description: text,
  /** Titles of the items and tasks before it. */
  after: z.array(text),
  /** The effect on the task that came from it before, in words. */
  change: text,
  /** Confidence of a suggestion, from 0 to 1. */
  score: z.optional(z.number()),
});

const planSchema = z.object({
  /** Path of the workspace folder. */
  folder: text,
  heading: text,
  /** The source: a file, a template, a task. */
  source: text,
  /** Its place, to read the plan again. Opaque to the page. */
  origin: text,
  /** Fields of a template; the items follow when they are filled in. */
  form: z.optional(z.object({ fields: z.array(formFieldSchema), values: formValuesSchema })),
  items: z.array(itemSchema),
  agents: z.array(z.object({ name: text, label: text })),
  notes: z.array(text),
  /** The tasks may start when they are created. */
  canStart: z.boolean(),
  /** The reason for which there is no plan. */
  fault: text,
  /** An agent can refine the plan. */
  canRefine: z.boolean(),
  /** The agent whose changes the plan contains; empty without one. */
  refined: text,
});

const proposalRowSchema = z.object({
  key: text,
  /** `same` for a group around changes. */
  change: z.enum(['same', 'added', 'removed', 'changed']),
  depth: z.int(),
  title: text,
  /** The title before; empty if it is the same. */
  before: text,
  /** Changed texts other than the title. */
  details: z.array(z.object({ label: text, before: text, after: text })),
});

/** The refinement of the plan by an agent. */
const refinementSchema = z.discriminatedUnion('state', [
  /** `message`: the result of the last refinement, if it proposed nothing. */
  z.object({ state: z.literal('none'), message: text }),
  z.object({ state: z.literal('running'), message: text, canShow: z.boolean() }),
  z.object({ state: z.literal('proposed'), heading: text, rows: z.array(proposalRowSchema) }),
]);

const wordsSchema = z.object({
  list: text,
  include: text,
  title: text,
  agent: text,
  keepAgent: text,
  phases: text,
  agentForAll: text,
  tokens: text,
  cost: text,
  minutes: text,
  shortMinutes: text,
  limits: text,
  noLimits: text,
  notPositive: text,
  after: text,
  description: text,
  details: text,
  group: text,
  expand: text,
  collapse: text,
  all: text,
  none: text,
  selected: text,
  score: text,
  dismiss: text,
  notes: text,
  problems: text,
  fill: text,
  optional: text,
  createOne: text,
  createMany: text,
  applyChanges: text,
  createNothing: text,
  start: text,
  empty: text,
  refine: text,
  cancel: text,
  showTask: text,
  added: text,
  removed: text,
  changed: text,
  accept: text,
  acceptOne: text,
  acceptMany: text,
  reject: text,
  undo: text,
});

const done = z.null();
const nothing = z.strictObject({});

/** Messages of the page that shows the tasks of a plan before they are created. */
export const planProtocol = {
  requests: {
    /** Returns the page's texts. The `plan` event follows. */
    ready: { input: nothing, output: wordsSchema },
    /** Fills in a template. The `plan` event follows. */
    fill: { input: z.strictObject({ values: formValuesSchema }), output: done },
    /** Every problem of the plan with these changes, and the number of tasks that it would create and change. */
    check: {
      input: editsSchema,
      output: z.object({
        problems: z.array(z.object({ key: z.optional(text), message: text })),
        creates: z.int(),
        changes: z.int(),
      }),
    },
    /** Creates everything in one transaction, or nothing. */
    create: { input: z.strictObject({ edits: editsSchema, start: z.boolean() }), output: done },
    /** Hides a suggestion for good. */
    dismiss: { input: z.strictObject({ key }), output: done },
    /** Lets the person choose an agent, which then proposes changes. The `refinement` event follows. */
    refine: { input: nothing, output: done },
    /** Stops the agent. */
    cancelRefinement: { input: nothing, output: done },
    /** Shows the task of the agent. */
    showRefinement: { input: nothing, output: done },
    /** Takes the proposed changes of these items; without keys, the plan is that of the file alone. The `plan` event follows. */
    settle: { input: z.strictObject({ accepted: z.array(key).check(z.maxLength(10_000)) }), output: done },
  },
  events: {
    plan: planSchema,
    refinement: refinementSchema,
    /** A suggestion is gone. The changes of the others stay. */
    dismissed: z.object({ key: text }),
  },
};

/** The state of a tab over a reload of the window. */
export const savedPlanSchema = z.object({ folder: text, origin: text, edits: editsSchema });

export type PlanProtocol = typeof planProtocol;
export type PlanWords = z.output<typeof wordsSchema>;
export type PlanModel = z.output<typeof planSchema>;
export type PlanRow = z.output<typeof itemSchema>;
export type Refinement = z.output<typeof refinementSchema>;
export type ProposalRow = z.output<typeof proposalRowSchema>;
export type Edit = z.output<typeof editSchema>;
export type Edits = z.output<typeof editsSchema>;
export type LimitName = keyof PlanRow['limits'];
