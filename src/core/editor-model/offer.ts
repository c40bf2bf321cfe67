import { z } from 'zod';

export const editorModelSchema = z.looseObject({
  id: z.string().max(500),
  name: z.string().max(500),
  /** Tokens of the largest request. */
  maxInputTokens: z.number().nonnegative(),
});
/** A model that a window offers. */
export type EditorModel = z.output<typeof editorModelSchema>;

export const modelAccessSchema = z.looseObject({
  /** The socket of the window, or its named pipe. */
  socket: z.string().max(1_000),
  /** Every request names it. */
  token: z.string().max(200),
  /** The default model first. */
  models: z.array(editorModelSchema).min(1).max(1_000),
});
/** The way to the models of a window. */
export type ModelAccess = z.output<typeof modelAccessSchema>;

/** The offer of an open window: its models, or `undefined` before the person has allowed their use. */
export interface ModelOffer {
  readonly access: ModelAccess | undefined;
}
