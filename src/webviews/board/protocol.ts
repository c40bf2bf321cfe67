import * as z from 'zod/mini';
import { markShapesSchema } from '../kit/mark-schema.ts';

const text = z.string();
const count = z.number();
const path = text.check(z.maxLength(10_000));
const id = text.check(z.maxLength(100));
/** Key of a column: a status, or a field with its value. */
const columnKey = text.check(z.maxLength(1_100));

export const wishSchema = z.strictObject({
  /** Path of a workspace folder; the first folder if it is empty. */
  folder: path,
  group: z.enum(['status', 'project', 'agent', 'label', 'none']),
  /** A filter of the Tasks view; empty for all tasks. */
  filter: text.check(z.maxLength(1_000)),
  /** Number of cards of the columns that show more than a first part. */
  limits: z.record(columnKey, z.int().check(z.minimum(1), z.maximum(100_000))),
});

const actionSchema = z.object({ name: id, label: text });

const cardSchema = z.object({
  id: text,
  number: count,
  title: text,
  agent: text,
  /** The standing, which decides mark and color. */
  mark: text,
  /** The standing in words, with the reason. */
  words: text,
  /** Set for `critical` and `high`. */
  urgency: z.nullable(z.object({ level: z.enum(['critical', 'high']), name: text })),
  /** Completed parts of all parts. */
  parts: z.nullable(text),
  /** `share` is the spent part of the limit, from 0 to 1; null without a limit. */
  spend: z.nullable(z.object({ text, share: z.nullable(count) })),
  changes: z.nullable(z.object({ files: text, added: count, deleted: count })),
  /** The obvious next step. */
  action: z.nullable(actionSchema),
  /** Actions that the task offers, as words for the context menu. */
  flags: text,
  /** All of the card for a screen reader. */
  spoken: text,
});

const columnSchema = z.object({ key: text, name: text, count, cards: z.array(cardSchema) });

const loadedSchema = z.object({
  folders: z.array(z.object({ path, name: text })),
  wish: wishSchema,
  playing: z.boolean(),
  trusted: z.boolean(),
  /** Why the filter cannot be used; empty if it can. */
  problem: text,
  /** All tasks of the folder that are not archived. */
  total: count,
  columns: z.array(columnSchema),
});

const moveSchema = z.object({
  column: text,
  /** False for a column that is no target; `text` is the reason then, else the name of the action. */
  legal: z.boolean(),
  text,
});

const wordsSchema = z.object({
  board: text,
  folder: text,
  group: text,
  groups: z.array(z.tuple([text, text])),
  filter: text,
  clear: text,
  play: text,
  pause: text,
  newTask: text,
  noTasks: text,
  noMatch: text,
  showMore: text,
  notShown: text,
  spent: text,
  moved: text,
  noMove: text,
  selected: text,
  isSelected: text,
  clearSelection: text,
  help: text,
  marks: markShapesSchema,
});

const done = z.null();
const tasks = z.array(id).check(z.minLength(1), z.maxLength(1_000));

/** Messages of the board. */
export const boardProtocol = {
  requests: {
    words: { input: z.strictObject({}), output: wordsSchema },
    load: { input: wishSchema, output: loadedSchema },
    openTask: { input: z.strictObject({ folder: path, task: id }), output: done },
    /** The columns of the board as targets for these tasks. */
    moves: { input: z.strictObject({ folder: path, tasks, columns: z.array(columnKey) }), output: z.array(moveSchema) },
    /** Moves tasks from a column to another one. */
    move: { input: z.strictObject({ folder: path, tasks, from: columnKey, to: columnKey }), output: done },
    /** Lets the person choose the target from a list. */
    chooseMove: {
      input: z.strictObject({ folder: path, tasks, from: columnKey, columns: z.array(columnKey) }),
      output: done,
    },
    /** Runs the action of a card. */
    act: { input: z.strictObject({ folder: path, task: id, action: id }), output: done },
    newTask: { input: z.strictObject({}), output: done },
    setPlaying: { input: z.strictObject({ folder: path, playing: z.boolean() }), output: done },
  },
  events: {
    /** Tasks have changed; the page loads again. */
    changed: z.object({}),
  },
};

export type BoardProtocol = typeof boardProtocol;
export type Wish = z.output<typeof wishSchema>;
export type Card = z.output<typeof cardSchema>;
export type BoardColumn = z.output<typeof columnSchema>;
export type Board = z.output<typeof loadedSchema>;
export type MoveTarget = z.output<typeof moveSchema>;
export type BoardWords = z.output<typeof wordsSchema>;
