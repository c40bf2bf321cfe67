import { z } from 'zod';

/** Bytes of one message between the agent and the window: a conversation as large as the context of a model. */
export const MAX_MESSAGE_BYTES = 32 << 20;

/** A call of a tool. Its bounds are those of the next request, which repeats it. */
const callShape = {
  type: z.literal('call'),
  id: z.string().max(500),
  name: z.string().max(200),
  input: z.record(z.string(), z.unknown()),
};

export const chatPartSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject(callShape),
  z.strictObject({ type: z.literal('result'), id: z.string().max(500), text: z.string() }),
]);
/** A part of a message: text, a call of a tool by the model, or the result of a call. */
export type ChatPart = z.output<typeof chatPartSchema>;

export const chatMessageSchema = z.strictObject({
  role: z.enum(['user', 'assistant']),
  parts: z.array(chatPartSchema),
});
export type ChatMessage = z.output<typeof chatMessageSchema>;

export const chatToolSchema = z.strictObject({
  name: z.string().max(200),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
});
export type ChatTool = z.output<typeof chatToolSchema>;

/** One call of a model: the first line on a connection. Closing the connection cancels the call. */
export const chatRequestSchema = z.strictObject({
  token: z.string().max(200),
  model: z.string().max(500),
  messages: z.array(chatMessageSchema).max(100_000),
  tools: z.array(chatToolSchema).max(200),
});
export type ChatRequest = z.output<typeof chatRequestSchema>;

/** Why a model did not answer, as the editor reports it. */
export const chatFailures = ['no_permission', 'not_found', 'blocked', 'failed'] as const;

/** A line of the answer. The last one is `done` or `error`. */
export const chatEventSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject(callShape),
  z.looseObject({ type: z.literal('done'), input: z.number().nonnegative(), output: z.number().nonnegative() }),
  z.looseObject({ type: z.literal('error'), failure: z.enum(chatFailures), message: z.string() }),
]);
export type ChatEvent = z.output<typeof chatEventSchema>;
