/** A call of one of the agent's tools, by the agent's own name and arguments. */
export interface NativeCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The one argument of a tool that takes free text instead of JSON (Codex's `apply_patch`). */
  readonly freeform?: string;
}

/** The answer of the model to one request of the agent. */
export interface ModelTurn {
  readonly text?: string;
  readonly tools?: readonly NativeCall[];
  /** Streams the text, and then nothing more until the agent or the model is closed. */
  readonly hang?: boolean;
  /** Milliseconds before the first byte. */
  readonly delayMs?: number;
  /** The next request takes the same entry of the script again. */
  readonly again?: boolean;
  /** Answers only after `release()` of the model. */
  readonly held?: boolean;
  /** Milliseconds between two pieces of the text. */
  readonly pieceMs?: number;
  /** Tokens that the response claims; 100 in, 10 out by default. */
  readonly usage?: ModelUsage;
  /** Answers with this HTTP error instead. */
  readonly error?: ModelError;
}

export interface ModelUsage {
  readonly input: number;
  readonly output: number;
}

export interface ModelError {
  readonly status: number;
  readonly message?: string;
  /** Value of the `retry-after` header in seconds. */
  readonly retryAfterS?: number;
  /** Number of requests that receive it, as agents retry by themselves. Default: all following ones. */
  readonly times?: number;
}

/** Chooses the turn by the conversation so far, where several sessions are open at once. */
export interface ModelReply {
  reply(conversation: string, request: ModelRequest): ModelTurn;
}

/** One request of an agent, as the server received it. */
export interface ModelRequest {
  readonly path: string;
  /** The model that the agent asked for. */
  readonly model: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The names of the tools that it offered. */
  readonly tools: readonly string[];
  /** Everything that the model received, as JSON. */
  readonly text: string;
  /** Tokens that the response claims; undefined until it ends. */
  usage?: ModelUsage;
}

export const usageOf = (turn: ModelTurn): ModelUsage => turn.usage ?? { input: 100, output: 10 };

/** The text in small pieces, as a model streams it. */
export const piecesOf = (text = ''): string[] => text.match(/[\s\S]{1,12}/gu) ?? [];
