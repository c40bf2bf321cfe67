import { z } from 'zod';

/** Environment variables by which the process that an agent starts finds the worker. */
export const SOCKET_VARIABLE = 'SYSTEMPROMPT_TOOLS_SOCKET';
export const TOKEN_VARIABLE = 'SYSTEMPROMPT_TOOLS_TOKEN';

/** Bytes of one line: the largest input of a tool, as JSON. */
export const MAX_LINE = 1_000_000;

/** One call, a line of JSON. Each side may send further lines before an answer. */
export const callSchema = z.strictObject({
  id: z.number().int().nonnegative(),
  token: z.string().max(200),
  tool: z.string().max(100),
  input: z.record(z.string(), z.unknown()),
});

/** The answer to a call. */
export const answerSchema = z.looseObject({
  id: z.number().int().nonnegative(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.string(), message: z.string(), next: z.array(z.unknown()) }).optional(),
});

export type ToolAnswer = z.output<typeof answerSchema>;
