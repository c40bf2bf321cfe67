import * as z from 'zod/mini';

const text = z.string();
const position = z.number().check(z.minimum(0));

export const actions = [
  'confirm',
  'start',
  'followUp',
  'complete',
  'review',
  'merge',
  'raiseLimit',
  'restart',
  'cancel',
  'discard',
  'checkpoint',
  'restore',
  'showLog',
  'openFile',
] as const;

const actionSchema = z.enum(actions);
const editableSchema = z.enum(['title', 'description', 'instructions']);
const related = z.object({ id: text, label: text, status: text });

const requestSchema = z.object({
  /** Identifies the request and its content. Opaque to the page. */
  key: text,
  title: text,
  about: text,
  text: z.optional(text),
  /** A question needs an answer instead of an approval. */
  question: z.boolean(),
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
  reason: text,
  error: z.optional(text),
  buttons: z.array(z.object({ action: actionSchema, label: text, primary: z.boolean() })),
  trusted: z.boolean(),
  description: text,
  instructions: text,
  acceptance: z.array(text),
  facts: z.array(z.object({ name: text, value: text })),
  limits: z.array(limitSchema),
  requests: z.array(requestSchema),
  parts: z.array(related),
  dependencies: z.array(related),
  executions: z.array(z.object({ started: text, agent: text, outcome: text, spend: text, error: z.optional(text) })),
  history: z.array(z.object({ at: text, change: text, reason: text })),
});

const logLineSchema = z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), text });

const wordsSchema = z.object({
  description: text,
  instructions: text,
  none: text,
  acceptance: text,
  limits: text,
  unknown: text,
  requests: text,
  approve: text,
  reject: text,
  answer: text,
  open: text,
  restricted: text,
  parts: text,
  dependencies: text,
  log: text,
  logEmpty: text,
  earlier: text,
  follow: text,
  executions: text,
  history: text,
  edit: text,
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
  change: text,
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
        decision: z.enum(['approve', 'reject', 'answer', 'open']),
      }),
      output: z.object({ words: text }),
    },
    /** A page of the log: the last lines before a position, or before the end. */
    log: {
      input: z.strictObject({ before: z.nullable(position) }),
      output: z.object({ lines: z.array(logLineSchema), start: position }),
    },
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

/** The state of a tab over a reload of the window. */
export const savedTaskSchema = z.object({ folder: text, id: text });

export type TaskProtocol = typeof taskProtocol;
export type TaskAction = z.output<typeof actionSchema>;
export type Editable = z.output<typeof editableSchema>;
export type TaskModel = z.output<typeof taskSchema>;
export type TaskRequest = z.output<typeof requestSchema>;
export type LogLine = z.output<typeof logLineSchema>;
export type TaskWords = z.output<typeof wordsSchema>;
