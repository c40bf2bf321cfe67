import * as z from 'zod/mini';
import { formFieldSchema, formValuesSchema } from '../kit/form-schema.ts';
import { markupSchema } from '../kit/markup-schema.ts';

const text = z.string();
const count = z.int();
const key = z.string().check(z.minLength(1), z.maxLength(10_000));

/** A line of a change, as a person reads it. */
const diffLineSchema = z.object({ kind: z.enum(['same', 'added', 'removed', 'gap']), text });

/** A change of one file, cut to the size of a card. */
const cardDiffSchema = z.object({
  path: text,
  lines: z.array(diffLineSchema),
  /** Lines that are left out. */
  more: count,
  /** Lines whose end is cut off. */
  long: count,
});

/** A pending request, safe to show. */
const cardSchema = z.object({
  /** Identifies the request and the content that is shown. Opaque to the page. */
  key,
  /** `#3 Raise the limit`. */
  task: text,
  /** Agent, kind of request and, if there are several folders, the folder: `CODEX · edit`. */
  about: text,
  title: text,
  /** ISO 8601. */
  requestedAt: text,
  kind: z.enum(['gate', 'tool', 'feedback']),
  /** The command or instructions to run, or the question. */
  text: z.optional(text),
  /** The text of a question, formatted. */
  markup: z.optional(z.array(markupSchema)),
  /** The values that a question asks for. */
  fields: z.array(formFieldSchema),
  /** Characters of the text that are left out. */
  moreText: count,
  diffs: z.array(cardDiffSchema),
  /** Files whose text is not shown: a change of many files, or an agent that only reports names. */
  files: z.array(text),
  /** Files whose name is left out, too. */
  moreFiles: count,
});

/** The page's texts in the language of the editor. `{0}` is a place to fill in. */
const wordsSchema = z.object({
  age: z.object({ now: text, minutes: text, hours: text, days: text }),
  empty: text,
  restricted: text,
  trust: text,
  list: text,
  selectAll: text,
  select: text,
  approve: text,
  approveForTask: text,
  remember: text,
  writeRule: text,
  reject: text,
  rejectNow: text,
  answer: text,
  optional: text,
  open: text,
  back: text,
  reason: text,
  context: text,
  noContext: text,
  approveSelected: text,
  rejectSelected: text,
  rejectSelectedNow: text,
  waiting: text,
  more: text,
  added: text,
  removed: text,
  moreLines: text,
  longLines: text,
  moreText: text,
  moreFiles: text,
  approveKeys: text,
  rejectKeys: text,
  openKeys: text,
});

const decisionSchema = z.enum(['approve', 'approveForTask', 'remember', 'reject']);
const one = z.strictObject({ key });
const nothing = z.strictObject({});
const done = z.null();

/** Messages of the approvals page. */
export const approvalsProtocol = {
  requests: {
    /** Returns the page's texts. The `cards` event follows. */
    ready: { input: nothing, output: wordsSchema },
    decide: {
      input: z.strictObject({
        keys: z.array(key).check(z.minLength(1), z.maxLength(1_000)),
        decision: decisionSchema,
        reason: z.optional(z.string().check(z.maxLength(10_000))),
        /** Identifies the rule that the card shows. The decision saves exactly this rule. */
        shown: z.optional(z.string().check(z.maxLength(100))),
      }),
      /** `failed` holds the keys of the requests that are still pending because their decision failed. */
      output: z.object({ words: text, failed: z.array(key) }),
    },
    /** The rule that remembering would save, as a description with its digest, or the reason for the lack of a rule. */
    rule: {
      input: one,
      output: z.object({ text: z.optional(text), shown: z.optional(text), reason: z.optional(text) }),
    },
    /** The latest lines of the task's log. */
    context: { input: one, output: z.object({ lines: z.array(text) }) },
    /** Shows the whole request in an editor. */
    open: { input: one, output: done },
    /** Answers a question. */
    answer: { input: z.strictObject({ key, values: formValuesSchema }), output: z.object({ words: text }) },
    /** Shows the workspace trust editor. */
    trust: { input: nothing, output: done },
  },
  events: {
    cards: z.object({
      cards: z.array(cardSchema),
      /** Pending requests without a card. */
      more: count,
      /** False while the store of a folder is not open: its requests are missing. */
      complete: z.boolean(),
      trusted: z.boolean(),
    }),
  },
};

export type ApprovalsProtocol = typeof approvalsProtocol;
export type DiffLine = z.output<typeof diffLineSchema>;
export type CardDiff = z.output<typeof cardDiffSchema>;
export type Card = z.output<typeof cardSchema>;
export type Words = z.output<typeof wordsSchema>;
export type Decision = z.output<typeof decisionSchema>;
