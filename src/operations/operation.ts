import { z } from 'zod';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import type { StepOptions } from '../core/steps.ts';
import { parseInput } from '../core/task/create.ts';
import type { Known } from '../core/task/known.ts';
import type { OperationContext, WithTrust } from './context.ts';
import { type Declaration, declarations, type Effect, type OperationName } from './declarations.ts';

/** The position at which the caller stopped an operation; null if it was carried out completely. */
export const stoppedSchema = z.object({ done: z.number().int(), total: z.number().int() }).nullable();

/** The code of one use case, defined once and offered by every face. */
export interface OperationCode<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  C extends Partial<OperationContext> = OperationContext,
> {
  readonly input: I;
  readonly output: O;
  /** Keys of the input that the command line takes by position, in order; a list takes the rest. */
  readonly positional: readonly (keyof z.input<I> & string)[];
  /** True if an input without keys is valid and stays one: it needs no schema, which takes time to build. */
  readonly takesNothing?: true;
  /** True for an operation that follows the signal and reports progress. */
  readonly hasSteps?: true;
  /** True for an input with which the operation also starts programs, if its declared effect is less. */
  runsWith?(input: z.output<I>): boolean;
  /** Takes a parsed input; call it through `runOperation`. It names only the parts of the context that it uses. */
  run(context: C, input: z.output<I>, options?: StepOptions): Promise<Known<z.output<O>>>;
}

/** An operation with its declaration and its code. */
export interface Operation<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  N extends OperationName = OperationName,
  C extends Partial<OperationContext> = OperationContext,
> extends Declaration,
    OperationCode<I, O, C> {
  readonly name: N;
}

/** Joins the code of an operation to its declaration, and keeps the types of input and output. */
export function defineOperation<
  N extends OperationName,
  I extends z.ZodObject,
  O extends z.ZodType,
  C extends Partial<OperationContext>,
>(name: N, code: OperationCode<I, O, C>): Operation<I, O, N, C> {
  return { name, ...(declarations[name] as Declaration), ...code };
}

/** The effect of an operation with this input. */
export function effectOf<I extends z.ZodObject, O extends z.ZodType>(
  operation: Pick<Operation<I, O>, 'effect' | 'runsWith'>,
  input: z.output<I>,
): Effect {
  return operation.runsWith?.(input) === true ? 'run' : operation.effect;
}

/** @throws TaskError `InvalidInput` or `TooLarge` with the wrong key */
export function checkedInput<I extends z.ZodObject>(
  operation: Pick<OperationCode<I>, 'input' | 'takesNothing'>,
  input: z.input<I>,
): z.output<I> {
  const isEmpty = Object.getPrototypeOf(input) === Object.prototype && Object.keys(input).length === 0;
  return operation.takesNothing === true && isEmpty ? ({} as z.output<I>) : parseInput(operation.input, input);
}

/** @throws TaskError `Untrusted` in a restricted folder */
export function requireTrust(context: WithTrust): void {
  if (context.trusted()) return;
  throw new TaskError('Untrusted', 'Nothing runs in a restricted folder.', {
    next: [textStep('Trust the folder first.')],
  });
}

/**
 * Checks the input and runs the operation.
 *
 * @throws TaskError `InvalidInput` or `TooLarge` with the wrong key, `Untrusted` if it would start programs in a
 *   restricted folder, the errors of the operation; and the reason of the signal, if that is aborted
 * @example
 * const create = await operations['task.create'].load();
 * await runOperation(create, host, { title: 'Fix the login test' }, { signal: AbortSignal.timeout(5_000) });
 */
export async function runOperation<I extends z.ZodObject, O extends z.ZodType, C extends Partial<OperationContext>>(
  operation: Operation<I, O, OperationName, C>,
  context: C & WithTrust,
  input: z.input<I>,
  options: StepOptions = {},
): Promise<Known<z.output<O>>> {
  const parsed = checkedInput(operation, input);
  if (effectOf(operation, parsed) === 'run') requireTrust(context);
  options.signal?.throwIfAborted();
  return operation.run(context, parsed, options);
}
