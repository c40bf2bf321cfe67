import type { Environment } from '../environment.ts';
import type { Sums } from './sums.ts';

/** The spend of one run of an agent's process, from a file that the agent writes for it. */
export interface RunSpend {
  /** Calls that the record of the session has, too. */
  readonly recorded: Sums;
  /** Calls that it lacks, for example those that choose a model. */
  readonly beside: Sums;
}

/** Completes a record that lacks some calls of the model. It is read and then deleted. */
export interface RunRecord {
  /** Variables by which the agent writes it. */
  readonly env: Environment;
  /** Reads on from the last position. Never rejects: undefined if nothing can be read. */
  read(): Promise<RunSpend | undefined>;
  /** Deletes its files. Never rejects. */
  dispose(): Promise<void>;
}

/** The run that a `RunRecord` is for. */
export interface RunPlace {
  /** An empty folder for the record, which deletes it. */
  readonly folder: string;
  /** The environment of the agent. */
  readonly env: Environment;
  /** The folder that the agent works in. */
  readonly cwd: string;
}
