import * as z from 'zod/mini';
import { markShapesSchema } from '../kit/mark-schema.ts';

const text = z.string();
const id = z.string().check(z.maxLength(100));

const standingSchema = z.object({
  /** The standing, which decides mark and color. */
  mark: text,
  /** The standing in words, with the reason. */
  words: text,
});

const entrantSchema = z.object({
  id: text,
  number: z.int(),
  agent: text,
  /** Empty for the model of the agent. */
  model: text,
  standing: standingSchema,
  /** Why it failed; empty if it did not. */
  error: text,
  picked: z.boolean(),
  pickable: z.boolean(),
  /** Null without a worktree, and if they could not be counted. */
  changes: z.nullable(z.object({ files: text, added: z.int(), deleted: z.int() })),
  uncounted: z.boolean(),
  checks: z.array(z.object({ command: text, passed: z.boolean() })),
  /** Amounts in words; empty if they are unknown. */
  duration: text,
  tokens: text,
  cost: text,
  /** The words of the agent about its work. */
  notes: text,
  /** The opinion of the judging agent. */
  verdict: z.nullable(z.object({ score: text, notes: text, best: z.boolean() })),
});

const raceSchema = z.object({
  /** Path of the workspace folder. */
  folder: text,
  id: text,
  heading: text,
  standing: standingSchema,
  /** Tokens and cost of all parts of the race; empty if they are unknown. */
  spent: text,
  entrants: z.array(entrantSchema),
  /** The task that judges the results. */
  judge: z.nullable(z.object({ id: text, name: text, standing: standingSchema })),
  judgeable: z.boolean(),
  /** The picked result is on a branch that is not merged. */
  mergeable: z.boolean(),
  /** An agent works: its numbers change without a change of its task. */
  live: z.boolean(),
  /** The statuses for a screen reader. */
  spoken: text,
});

const wordsSchema = z.object({
  open: text,
  openRace: text,
  changes: text,
  pick: text,
  judge: text,
  merge: text,
  review: text,
  picked: text,
  best: text,
  entrants: text,
  changed: text,
  checks: text,
  passed: text,
  failed: text,
  duration: text,
  tokens: text,
  cost: text,
  noChanges: text,
  uncounted: text,
  notStarted: text,
  notRun: text,
  notReported: text,
  verdict: text,
  notes: text,
  noNotes: text,
  gone: text,
  marks: markShapesSchema,
});

const done = z.null();
const nothing = z.strictObject({});
const oneTask = z.strictObject({ task: id });

/** Messages of the page that compares the entrants of a race. */
export const raceProtocol = {
  requests: {
    words: { input: nothing, output: wordsSchema },
    /** Null if the race is deleted. */
    load: { input: nothing, output: z.nullable(raceSchema) },
    /** Opens the page of the race, of an entrant, or of the judge. */
    open: { input: oneTask, output: done },
    /** Opens the changes of the race or of an entrant. */
    changes: { input: oneTask, output: done },
    /** Picks the result of an entrant after a confirmation. */
    pick: { input: oneTask, output: done },
    /** Starts a task that judges the results, with the agent that the person chooses. */
    judge: { input: nothing, output: done },
    /** Merges the picked result. */
    merge: { input: nothing, output: done },
  },
  events: {
    /** A task of the race has changed; the page loads again. */
    changed: nothing,
  },
};

/** The state of a tab over a reload of the window. */
export const savedRaceSchema = z.object({ folder: text, id: text });

export type RaceProtocol = typeof raceProtocol;
export type RaceWords = z.output<typeof wordsSchema>;
export type RaceModel = z.output<typeof raceSchema>;
export type Entrant = z.output<typeof entrantSchema>;
export type ShownStanding = z.output<typeof standingSchema>;
