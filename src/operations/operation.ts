import type { z } from 'zod';
import type { AgentCatalog } from '../core/agent/port.ts';
import { TaskError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { parseInput } from '../core/task/create.ts';
import type { CameAlong } from '../runtime/settings/home.ts';
import type { Settings } from '../runtime/settings/settings.ts';
import type { TaskStore } from '../store/task-store.ts';

/** Brings the part to life that runs tasks; the faces never talk to a worker in another way than through the store. */
export interface WorkerControl {
  /** Makes sure that a worker is alive for this store; starts a detached one when none is. */
  ensure(): Promise<void>;
}

/** What every operation works with; made once per open folder by `src/host.ts` and passed first. */
export interface OperationContext {
  readonly store: TaskStore;
  /** The agents that may be used; another catalog after the workspace's agents were confirmed. */
  readonly agents: AgentCatalog;
  readonly settings: Settings;
  /**
   * Lets the agents of the workspace's `config.json` be run on this machine, or its rules count, by the digests of what
   * was shown.
   *
   * @throws TaskError `ChangedSinceShown` when the file says something else by now
   */
  confirmAgents(shown: readonly string[]): Promise<void>;
  /** Takes the settings as the files have them now. */
  readSettings(): Promise<void>;
  /** What is set to run, and was so when the folder came to this machine; undefined once a person has confirmed it. */
  readonly cameAlong?: CameAlong | undefined;
  /** Lets run on this machine what was set to run when the folder came to it. */
  confirmTasks(): Promise<void>;
  /** @throws TaskError `NotConfirmed` while that would run and nobody has said that it may */
  requireConfirmedTasks(): Promise<void>;
  readonly worker: WorkerControl;
  /** Who acts, for the record: the git identity of the folder, or what `--as` says. */
  readonly actor: string;
  readonly logger: Logger;
  /** False in a restricted folder, where nothing may run. */
  trusted(): boolean;
}

/** `read` changes nothing; `write` changes the store; `run` may start agents and is refused in a restricted folder. */
export type Effect = 'read' | 'write' | 'run';

/** One use case, defined once, offered by every face. */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
  /** `task.create`: the words of the command line, joined by dots. */
  readonly name: string;
  /** One sentence, imperative, with a full stop. */
  readonly summary: string;
  readonly input: I;
  readonly output: O;
  /** Keys of the input that the command line takes by position, in order; one that is an array takes the rest. */
  readonly positional: readonly (keyof z.input<I> & string)[];
  /** The least that it does; `effectOf` says what it does with an input, because some inputs do more. */
  readonly effect: Effect;
  /** True for an input with which it also starts agents, for an operation that otherwise only writes. */
  runsWith?(input: z.output<I>): boolean;
  run(context: OperationContext, input: z.output<I>): Promise<z.output<O>>;
}

/** Keeps the types of input and output while the operation is written as a plain object. */
export function defineOperation<I extends z.ZodObject, O extends z.ZodType>(
  operation: Operation<I, O>,
): Operation<I, O> {
  return operation;
}

/** What an operation does with this input. */
export function effectOf<I extends z.ZodObject, O extends z.ZodType>(
  operation: Operation<I, O>,
  input: z.output<I>,
): Effect {
  return operation.runsWith?.(input) === true ? 'run' : operation.effect;
}

/**
 * Checks the input and runs the operation: what every face calls.
 *
 * @throws TaskError `InvalidInput` or `TooLarge` with the key that is wrong, `Untrusted` for what may not run in a
 *   restricted folder, and whatever the operation throws
 */
export async function runOperation<I extends z.ZodObject, O extends z.ZodType>(
  operation: Operation<I, O>,
  context: OperationContext,
  input: z.input<I>,
): Promise<z.output<O>> {
  const parsed = parseInput(operation.input, input);
  if (effectOf(operation, parsed) === 'run' && !context.trusted()) {
    throw new TaskError('Untrusted', 'Nothing runs in a restricted folder.', { hint: 'Trust the folder first.' });
  }
  return operation.run(context, parsed);
}
