import { z } from 'zod';

const line = z.string().max(2_000);
const lines = z.array(line).max(50);

/** The note that the agent of a phase leaves to the next one, and the verdict of a review. */
export const handoffNoteSchema = z.looseObject({
  /** The finished work. */
  done: z.string().max(10_000),
  decisions: lines.optional(),
  /** Unfinished work and open questions. */
  open: lines.optional(),
  /** Changed or important files. */
  files: lines.optional(),
  /** Steps or commands that verify the work. */
  verify: lines.optional(),
  /** Of a review: accept the work, or send it back for the `reasons`. */
  verdict: z.enum(['accept', 'send_back']).optional(),
  reasons: lines.optional(),
});

/** The outcome of a check command. */
export const checkResultSchema = z.looseObject({
  command: z.string(),
  at: z.string().max(40),
  ms: z.number().nonnegative(),
  passed: z.boolean(),
  exit_code: z.number().int().optional(),
  signal: z.string().optional(),
  /** The end of its output. */
  output: z.string(),
});
