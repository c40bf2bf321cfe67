import { z } from 'zod';

const checkpointKinds = ['auto', 'manual', 'before-merge', 'before-restore'] as const;

/**
 * A moment of a task that can be brought back. Task files are foreign input, and the commit is given to git: the
 * pattern is strict.
 */
export const checkpointSchema = z.looseObject({
  /** 1, 2, 3 … per task; never given twice. */
  number: z.number().int().positive(),
  at: z.string().max(40),
  kind: z.enum(checkpointKinds),
  message: z.string().max(2_000),
  /** All files, including untracked ones. Missing if git could not save them. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .optional(),
  /** The session at that time, if it can be resumed. */
  session_id: z.string().max(500).optional(),
  progress: z.number().min(0).max(100).optional(),
  total_tokens: z.number().nonnegative().optional(),
  /** Position of the end of the log. */
  log_position: z.number().int().nonnegative().optional(),
});

export type Checkpoint = z.infer<typeof checkpointSchema>;

/** The checkpoint from which the next run continues, because the files were restored. */
export const restoredSchema = z.looseObject({
  checkpoint: z.number().int().positive(),
  message: z.string().max(2_000),
  /** The session to resume. */
  session_id: z.string().max(500).optional(),
});

/** Minutes between automatic checkpoints while a task runs. */
export const checkpointMinutesSchema = z.number().positive().max(10_080);
