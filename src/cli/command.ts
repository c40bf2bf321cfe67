import type { z } from 'zod';
import type { Host } from '../host.ts';
import { type Operation, runOperation } from '../operations/operation.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Flag, flagsOf } from './flags.ts';
import type { Output } from './terminal/output.ts';

/** One call of a command, its words understood. */
export interface Invocation {
  readonly folder: string;
  /** Who acts, when --as says so. */
  readonly actor: string | undefined;
  /** Opens the folder's tasks; the same host each time, closed when the command is over. */
  host(): Promise<Host>;
  readonly out: Output;
  readonly json: boolean;
  /** Values of the flags and positions, by their keys; what was not given is not there. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Asks for Ctrl-C to abort this signal instead of ending the process. */
  interrupted(): AbortSignal;
}

export interface Example {
  readonly words: string;
  readonly says: string;
}

/** What the command line knows of one command; loaded when that command is called. */
export interface Command {
  readonly summary: string;
  /** More for the help, below the summary. */
  readonly details?: string;
  readonly examples: readonly Example[];
  /** Flags and positions. */
  readonly flags: readonly Flag[];
  /** Keys of the flags that are taken by position, and whether the command cannot do without. */
  readonly positional: readonly { readonly key: string; readonly required: boolean }[];
  /** What `--json` prints, in words for the reference. */
  readonly json: string;
  /** Changes nothing. */
  readonly reads: boolean;
  /** Stays, and looks at what others change meanwhile. */
  readonly follows?: boolean;
  /** Sets right itself what dead workers left. */
  readonly recovers?: boolean;
  run(call: Invocation): Promise<ExitCode>;
}

interface OperationCommand<I extends z.ZodObject, O extends z.ZodType> {
  readonly operation: Operation<I, O>;
  readonly details?: string;
  readonly examples: readonly Example[];
  readonly json: string;
  readonly follows?: boolean;
  /** Flags of the command line alone. */
  readonly extra?: readonly Flag[];
  /** What `--json` prints, where that is not the output itself. */
  readonly toJson?: (output: z.output<O>) => unknown;
  /** The lines that a person gets. */
  readonly view: (output: z.output<O>, call: Invocation, host: Host) => string | Promise<string>;
}

/** Makes the command of an operation: flags from its input, the result as JSON or as the view draws it. */
export function operationCommand<I extends z.ZodObject, O extends z.ZodType>(spec: OperationCommand<I, O>): Command {
  const { operation, extra = [] } = spec;
  const own = new Set(extra.map((flag) => flag.key));
  return {
    summary: operation.summary,
    ...(spec.details === undefined ? {} : { details: spec.details }),
    examples: spec.examples,
    flags: [...flagsOf(operation.input), ...extra],
    positional: operation.positional.map((key) => ({
      key,
      required: !operation.input.shape[key]?.safeParse(undefined).success,
    })),
    json: spec.json,
    reads: operation.effect === 'read',
    follows: spec.follows === true,
    async run(call) {
      const input = Object.fromEntries(Object.entries(call.values).filter(([key]) => !own.has(key)));
      const host = await call.host();
      const output = await runOperation(operation, host, input as z.input<I>);
      if (call.json) call.out.json(spec.toJson === undefined ? output : spec.toJson(output));
      else call.out.print(await spec.view(output, call, host));
      return exitCodes.done;
    },
  };
}

/** Several tasks are an object with them; one is that task, as every command on one task prints it. */
export function oneOrAll<T>(output: { readonly tasks: readonly T[] }): unknown {
  const [first, second] = output.tasks;
  return first !== undefined && second === undefined ? first : output;
}
