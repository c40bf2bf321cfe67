import type { Host } from '../host.ts';
import { type CheckedOf, type OutputOf, operations } from '../operations/all.ts';
import type { OperationName } from '../operations/declarations.ts';
import { checkedInput, type Operation, runOperation } from '../operations/operation.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Flag, flagsOf } from './flags.ts';
import { withFullIds } from './id-prefix.ts';
import { exitCodeOfSteps, stepOptions } from './steps.ts';
import type { Output } from './terminal/output.ts';

/** One call of a command, its words understood. */
export interface Invocation {
  readonly folder: string;
  /** The person given by --as. */
  readonly actor: string | undefined;
  /** Opens the tasks of a folder, by default its own; the same host each time, closed when the command ends. */
  host(folder?: string): Promise<Host>;
  readonly out: Output;
  readonly json: boolean;
  /** Values of the flags and positions, by their keys; without those that were not given. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Asks for Ctrl-C to abort this signal instead of ending the process. */
  interrupted(): AbortSignal;
}

export interface Example {
  readonly words: string;
  readonly description: string;
}

/** A command of the command line; loaded when a person calls it. */
export interface Command {
  /** More for the help, below the summary. */
  readonly details?: string;
  readonly examples: readonly Example[];
  /** Flags and positions. */
  readonly flags: readonly Flag[];
  /** Keys of the flags that are taken by position, and whether the command cannot do without. */
  readonly positional: readonly { readonly key: string; readonly required: boolean }[];
  /** Describes the output of `--json` for the reference. */
  readonly json: string;
  /** Changes nothing. */
  readonly reads: boolean;
  /** Keeps running and follows changes of others. */
  readonly follows?: boolean;
  /** Recovers tasks of dead workers itself. */
  readonly recovers?: boolean;
  run(call: Invocation): Promise<ExitCode>;
}

interface OperationCommand<N extends OperationName, V> {
  readonly details?: string;
  readonly examples: readonly Example[];
  /** Describes the output of `--json` for the reference. */
  readonly json: string;
  readonly follows?: boolean;
  /** Flags of the command line alone. */
  readonly extra?: readonly Flag[];
  /** The value that `--json` prints, if it differs from the output. */
  readonly toJson?: (output: OutputOf<N>) => unknown;
  /** True for an output that a script must not take for success. Default: never. */
  readonly hasFailed?: (output: OutputOf<N>) => boolean;
  /** Reads what the view shows, if that is less than the output. The input is checked. */
  readonly shown?: (host: Host, input: CheckedOf<N>) => Promise<V>;
  /** The lines for a person. */
  readonly view: (output: V, call: Invocation, host: Host) => string | Promise<string>;
}

/**
 * Makes the command of an operation: its flags come from the input, its result is printed as JSON or by the view. The
 * operation's code loads when the command does.
 */
export function operationCommand<N extends OperationName, V = OutputOf<N>>(
  name: N,
  spec: OperationCommand<N, V>,
): () => Promise<Command> {
  const { extra = [], view, toJson = (output) => output } = spec;
  const own = new Set(extra.map((flag) => flag.key));
  return async () => {
    const operation: Operation = await operations[name].load();
    let flags: readonly Flag[] | undefined;
    const ownFlags = (): readonly Flag[] => {
      flags ??= flagsOf(operation.input);
      return flags;
    };
    return {
      ...(spec.details === undefined ? {} : { details: spec.details }),
      examples: spec.examples,
      get flags(): readonly Flag[] {
        return [...ownFlags(), ...extra];
      },
      positional: operation.positional.map((key) => ({
        key,
        required: !operation.input.shape[key]?.safeParse(undefined).success,
      })),
      json: spec.json,
      reads: operation.effect === 'read',
      follows: spec.follows === true,
      async run(call) {
        const input = Object.fromEntries(Object.entries(call.values).filter(([key]) => !own.has(key)));
        // Before the folder is opened, which takes time in a large one.
        checkedInput(operation, input);
        const host = await call.host();
        const isExact = operation.destructive || Object.keys(input).length === 0;
        const named = isExact ? input : await withFullIds(input, ownFlags(), host.store);
        const options = operation.hasSteps === true ? stepOptions(call) : {};
        const { shown } = spec;
        const code = call.json || shown === undefined ? operation : { ...operation, run: shown as Operation['run'] };
        const output = (await runOperation(code, host, named, options)) as OutputOf<N>;
        if (call.json) call.out.json(toJson(output));
        else call.out.print(await view(output as V, call, host));
        if (spec.hasFailed?.(output) === true) return exitCodes.failed;
        return exitCodeOfSteps({ stopped: null, ...(output as object) });
      },
    };
  };
}

/** Several tasks are an object with a list; a single task is printed alone, as by every command on one task. */
export function oneOrAll<T>(output: { readonly tasks: readonly T[] }): unknown {
  const [first, second] = output.tasks;
  return first !== undefined && second === undefined ? first : output;
}
