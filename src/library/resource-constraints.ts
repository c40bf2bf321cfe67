import { z } from 'zod';
import { parseInput } from '../core/task/create.ts';
import { allowedToolSchema } from '../core/tools/tool-grammar.ts';

/** Limits by the names of the library. */
export const limitsSchema = z.strictObject({
  maxTokens: z.number().positive().optional(),
  maxDurationMinutes: z.number().positive().optional(),
  maxCostUsd: z.number().positive().optional(),
  maxIterations: z.number().int().positive().optional(),
  allowedTools: z.array(allowedToolSchema).max(100).optional(),
});

/** Limits of a task. A limit that is not named does not apply. */
export interface ResourceLimits {
  readonly maxTokens?: number | undefined;
  readonly maxDurationMinutes?: number | undefined;
  readonly maxCostUsd?: number | undefined;
  readonly maxIterations?: number | undefined;
  /** Kinds of tools, such as `file_operations:read`. */
  readonly allowedTools?: readonly string[] | undefined;
}

/** {@link ResourceLimits} as an object that several tasks can share. */
export class ResourceConstraints implements ResourceLimits {
  readonly maxTokens: number | undefined;
  readonly maxDurationMinutes: number | undefined;
  readonly maxCostUsd: number | undefined;
  readonly maxIterations: number | undefined;
  readonly allowedTools: readonly string[] | undefined;

  /** @throws TaskError `InvalidInput` for an unknown limit or a wrong value */
  constructor(limits: ResourceLimits) {
    const checked = parseInput(limitsSchema, limits);
    this.maxTokens = checked.maxTokens;
    this.maxDurationMinutes = checked.maxDurationMinutes;
    this.maxCostUsd = checked.maxCostUsd;
    this.maxIterations = checked.maxIterations;
    this.allowedTools = checked.allowedTools;
  }
}
