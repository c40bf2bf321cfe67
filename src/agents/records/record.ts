import type { Environment } from '../environment.ts';

/** One call of a model, as an agent's own record of a session has it. */
export interface ModelCall {
  /** Unique in the session: a call that the record repeats is counted once. */
  readonly id: string;
  /** Tokens of the input, with those read from or written to a cache. */
  readonly input: number;
  /** Tokens of the output, with those of thoughts. */
  readonly output: number;
  readonly total: number;
  /** US dollars, if the agent records them. */
  readonly cost?: number | undefined;
}

/** The place of a session's record. */
export interface RecordPlace {
  readonly sessionId: string;
  /** The environment of the agent, which decides where it keeps its files. */
  readonly env: Environment;
}

/** The calls of a session so far, from files that the agent writes for itself. They are read and never changed. */
export interface SpendRecord {
  /** Reads on from the last position. Never rejects: undefined if there is no record, or none that can be read. */
  read(): Promise<ReadonlyMap<string, ModelCall> | undefined>;
}

/** Calls of a session that are kept; calls beyond them are not counted. */
export const MAX_CALLS = 100_000;

/** True for an id that is safe as a part of a file name. */
export function isPlainId(sessionId: string): boolean {
  return /^[A-Za-z0-9_-]{8,100}$/.test(sessionId);
}
