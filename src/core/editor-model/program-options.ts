import { z } from 'zod';
import { modelAccessSchema } from './offer.ts';

/** The environment variable by which the agent's program gets its `ProgramOptions`, as JSON. */
export const PROGRAM_VARIABLE = 'SYSTEMPROMPT_EDITOR_MODEL';

/** Begins the logged output of a call that failed before it did anything. */
export const NOT_RUN = 'The call was not run: ';

export const programOptionsSchema = z.looseObject({
  ...modelAccessSchema.shape,
  /** Absolute folder of the conversations. */
  sessions: z.string(),
  /** The kinds of tools that the model is offered. Default: all. */
  reach: z.looseObject({ read: z.string(), write: z.string(), run: z.string() }).optional(),
});
export type ProgramOptions = z.output<typeof programOptionsSchema>;
