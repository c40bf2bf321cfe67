import * as z from 'zod/mini';
import { factSchema, fieldSchema } from '../kit/fact-schema.ts';
import { draftsSchema, formFieldSchema, formValuesSchema } from '../kit/form-schema.ts';
import { markShapesSchema } from '../kit/mark-schema.ts';
import { markupSchema } from '../kit/markup-schema.ts';

const text = z.string();
const position = z.number().check(z.minimum(0));

export const actions = [
  'confirm',
  'start',
  'pause',
  'followUp',
  'complete',
  'review',
  'merge',
  'requestChanges',
  'raiseLimit',
  'pickResult',
  'restart',
  'cancel',
  'discard',
  'checkpoint',
  'restore',
  'showLog',
  'openFile',
] as const;

const actionSchema = z.enum(actions);
const editableSchema = z.enum(['title', 'description', 'instructions', 'acceptance']);
const markup = z.array(markupSchema);

const relatedSchema = z.object({
  title: text,
  field: z.optional(fieldSchema),
  /** In the order of a tree, with the depth of each from 1. */
  tasks: z.array(z.object({ id: text, label: text, status: text, mark: text, depth: z.int() })),
  /** Tasks that are left out. */
  more: z.int(),
});

const requestSchema = z.object({
  /** Identifies the request and its content. Opaque to the page. */
  key: text,
  title: text,
  about: text,
  text: z.optional(text),
  /** The text of a question, formatted. */
  markup: z.optional(markup),
  /** The values of the answer; empty for a request that is no question. */
  fields: z.array(formFieldSchema),
});

const limitSchema = z.object({
  text,
  /** Spent share of the limit from 0 to 1; null if the agent does not report it. */
  share: z.nullable(z.number()),
});

const taskSchema = z.object({
  /** The state that restores the page after a reload. */
  folder: text,
  id: text,
  number: z.int(),
  title: text,
  /** Name of the status, and the reason for it. */
  status: text,
  /** The kind of the standing, which colors the status. */
  mark: text,
  reason: text,
  error: z.optional(text),
  buttons: z.array(z.object({ action: actionSchema, label: text, primary: z.boolean() })),
  trusted: z.boolean(),
  description: text,
  instructions: text,
  acceptance: text,
  /** The texts, formatted. */
  shown: z.object({ description: markup, instructions: markup, acceptance: markup }),
  groups: z.array(z.object({ title: text, facts: z.array(factSchema) })),
  limits: z.array(limitSchema),
  requests: z.array(requestSchema),
  related: z.array(relatedSchema),
  executions: z.array(
    z.object({
      started: text,
      agent: text,
      outcome: text,
      duration: text,
      spend: text,
      session: text,
      error: z.optional(text),
    }),
  ),
  /** The latest first. */
  checkpoints: z.array(z.object({ number: z.int(), message: text, about: text })),
  restorable: z.boolean(),
  /** Changes when the changed files may have changed; null without any. */
  changes: z.nullable(text),
  history: z.array(z.object({ at: text, change: text, reason: text })),
});

const levelSchema = z.enum(['debug', 'info', 'warn', 'error']);
const logLineSchema = z.object({
  level: levelSchema,
  type: z.enum(['system', 'agent', 'tool', 'output', 'progress']),
  /** The first line of its entry. */
  head: z.boolean(),
  text,
});

const changedFileSchema = z.object({
  path: text,
  name: text,
  added: z.nullable(z.int()),
  deleted: z.nullable(z.int()),
});

const wordsSchema = z.object({
  description: text,
  instructions: text,
  none: text,
  acceptance: text,
  limits: text,
  requests: text,
  approve: text,
  reject: text,
  answer: text,
  optional: text,
  open: text,
  restricted: text,
  more: text,
  estimate: text,
  changes: text,
  noChanges: text,
  binary: text,
  marks: markShapesSchema,
  reviewAll: text,
  checkpoints: text,
  restore: text,
  duration: text,
  session: text,
  log: text,
  search: text,
  levels: z.array(z.tuple([text, text])),
  types: z.array(z.tuple([text, text])),
  level: text,
  type: text,
  fold: text,
  lines: text,
  logEmpty: text,
  earlier: text,
  follow: text,
  executions: text,
  history: text,
  edit: text,
  change: text,
  title: text,
  save: text,
  cancel: text,
  conflict: text,
  overwrite: text,
  pin: text,
  pinned: text,
  gone: text,
  started: text,
  agent: text,
  outcome: text,
  spend: text,
  when: text,
  changed: text,
  reason: text,
});

const done = z.null();
const nothing = z.strictObject({});
const long = z.string().check(z.maxLength(200_000));

/** Messages of the task page. */
export const taskProtocol = {
  requests: {
    /** Returns the page's texts. The `task` event follows. */
    ready: { input: nothing, output: wordsSchema },
    /** Runs one of the buttons. */
    act: { input: z.strictObject({ action: actionSchema }), output: done },
    /** Changes a text. `before` is the value that the person started from; if it differs now, nothing is written. */
    update: {
      input: z.strictObject({ field: editableSchema, before: long, value: long }),
      output: z.object({ conflict: z.nullable(text) }),
    },
    decide: {
      input: z.strictObject({
        key: z.string().check(z.maxLength(10_000)),
        decision: z.enum(['approve', 'reject', 'open']),
      }),
      output: z.object({ words: text }),
    },
    answer: {
      input: z.strictObject({ key: z.string().check(z.maxLength(10_000)), values: formValuesSchema }),
      output: z.object({ words: text }),
    },
    /** A page of the log: the last lines before a position, or before the end. */
    log: {
      input: z.strictObject({ before: z.nullable(position) }),
      output: z.object({ lines: z.array(logLineSchema), start: position }),
    },
    /** Asks for a new value of a field. */
    change: { input: z.strictObject({ field: fieldSchema }), output: done },
    /** The changed files in the worktree of the task. */
    changes: { input: nothing, output: z.object({ files: z.array(changedFileSchema) }) },
    /** Shows the changes of one file, or all. */
    diff: { input: z.strictObject({ path: z.nullable(z.string().check(z.maxLength(4_096))) }), output: done },
    estimate: { input: nothing, output: z.object({ facts: z.array(factSchema) }) },
    restore: { input: z.strictObject({ checkpoint: z.int() }), output: done },
    openTask: { input: z.strictObject({ task: z.string().check(z.maxLength(100)) }), output: done },
    /** Keeps this tab: the next task opens in another one. */
    pin: { input: nothing, output: done },
  },
  events: {
    task: taskSchema,
    /** New lines at the end of the log. */
    log: z.object({ lines: z.array(logLineSchema) }),
    /** The task was deleted. */
    gone: z.object({}),
  },
};

/** A text that a person edits on the page. */
const textEditSchema = z.optional(
  z.object({
    /** The value that the person started from. */
    before: text,
    value: text,
    /** The value that another person has saved in the meantime. */
    conflict: z.optional(text),
  }),
);

/** The lines of the log that a person wants to see. */
const logFilterSchema = z.object({
  level: levelSchema,
  /** Empty for all. */
  type: text,
  search: text,
  fold: z.boolean(),
});

/** The state of a tab while it is hidden, and over a reload of the window. */
export const savedTaskSchema = z.object({
  folder: text,
  id: text,
  /** Whether the tab stays when another task is shown. */
  pinned: z.optional(z.boolean()),
  /** Texts that the person has not saved yet, by their fields. */
  edits: z.optional(z.record(text, textEditSchema)),
  filter: z.optional(logFilterSchema),
  /** Answers that the person has not sent yet. */
  answers: z.optional(draftsSchema),
});

export type TaskProtocol = typeof taskProtocol;
export type TaskAction = z.output<typeof actionSchema>;
export type Editable = z.output<typeof editableSchema>;
export type TextEdit = NonNullable<z.output<typeof textEditSchema>>;
export type LogFilter = z.output<typeof logFilterSchema>;
export type TaskModel = z.output<typeof taskSchema>;
export type Related = z.output<typeof relatedSchema>;
export type ChangedFile = z.output<typeof changedFileSchema>;
export type TaskRequest = z.output<typeof requestSchema>;
export type LogLine = z.output<typeof logLineSchema>;
export type TaskWords = z.output<typeof wordsSchema>;
