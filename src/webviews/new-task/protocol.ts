import * as z from 'zod/mini';
import { factSchema, fieldSchema } from '../kit/fact-schema.ts';

const text = z.string();
const long = z.string().check(z.maxLength(200_000));

/** The texts of a new task. One acceptance criterion per line. */
export const textsSchema = z.object({ title: long, description: long, instructions: long, acceptance: long });

const wordsSchema = z.object({
  heading: text,
  title: text,
  titleHint: text,
  description: text,
  instructions: text,
  script: text,
  mention: text,
  files: text,
  acceptance: text,
  acceptanceHint: text,
  more: text,
  start: text,
  save: text,
  edit: text,
});

const draftSchema = z.object({
  /** Path of the workspace folder. */
  folder: text,
  /** The texts that the page begins with. */
  texts: textsSchema,
  /** The agent first, then groups that the page folds. */
  agent: z.array(factSchema),
  groups: z.array(z.object({ title: text, facts: z.array(factSchema) })),
  /** The agent runs a script. */
  script: z.boolean(),
  /** The reason why the agent cannot run, with how to install it. */
  problem: z.optional(text),
  /** The values of the fields, to restore them. Opaque to the page. */
  fields: text,
});

const done = z.null();
const nothing = z.strictObject({});

/** Messages of the page for a new task. */
export const newTaskProtocol = {
  requests: {
    /** Returns the page's texts. The `draft` event follows. */
    ready: { input: nothing, output: wordsSchema },
    /** Asks for a new value of a field. */
    change: { input: z.strictObject({ field: fieldSchema }), output: done },
    /** Files of the folder whose path contains the query. */
    files: {
      input: z.strictObject({ query: z.string().check(z.maxLength(200)) }),
      output: z.object({ paths: z.array(text) }),
    },
    create: { input: z.strictObject({ texts: textsSchema, start: z.boolean() }), output: done },
  },
  events: { draft: draftSchema },
};

/** The state of a tab over a reload of the window. */
export const savedDraftSchema = z.object({ folder: text, fields: text, texts: textsSchema });

export type NewTaskProtocol = typeof newTaskProtocol;
export type NewTaskWords = z.output<typeof wordsSchema>;
export type Texts = z.output<typeof textsSchema>;
export type Draft = z.output<typeof draftSchema>;
