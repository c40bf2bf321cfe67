import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { orderOf } from '../../core/agent/order.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { requestDigest } from '../../operations/approval/request-digest.ts';
import type { OperationContext } from '../../operations/context.ts';
import type { OperationName } from '../../operations/declarations.ts';
import type { OperationCall } from './operation-tools.ts';

/** The answer of the person to a question that the client showed. */
export type PersonAnswer = 'accept' | 'decline' | 'cancel' | undefined;

/** A question for the person, and the state that ties the answer to exactly this question. */
export interface PersonQuestion {
  readonly message: string;
  readonly state: string;
}

/** Operations that spend money, decide for the person or change their files. The client shows a question first, if it can. */
const asks = new Set<OperationName>([
  'task.start',
  'task.restart',
  'task.resume',
  'task.follow-up',
  'task.approve',
  'task.reject',
  'task.merge',
  'task.merge-parts',
  'task.race',
  'task.race.pick',
  'task.race.judge',
  'task.discard',
  'task.restore',
  'task.cancel',
  'task.delete',
  'queue.play',
  'gc',
]);

/** The operations on requests of a task. The question shows the requests. */
const decides = new Set<OperationName>(['task.approve', 'task.reject']);

const REQUESTS = 5;
const WORDS = 500;
const key = randomBytes(32);

/** True if the input of a call makes it start programs, such as an agent that plans. A wrong input starts none. */
function startsPrograms({ operation, input }: OperationCall): boolean {
  const parsed = operation.input.safeParse(input);
  return parsed.success && operation.runsWith?.(parsed.data) === true;
}

/** True for a call that needs a person whose answer the server sees: it confirms code of the folder, or writes a rule. */
function needsPerson({ operation, input }: OperationCall): boolean {
  if (operation.name === 'task.confirm') return input.digest !== undefined;
  if (operation.name === 'agents') return input.confirm !== undefined;
  return operation.name === 'task.approve' && input.remember === true;
}

/**
 * The question to ask before a call, undefined if none is needed or the person accepted exactly this one.
 *
 * @param canAsk whether the client can show a question to its person (elicitation)
 * @throws TaskError `NotConfirmed` if the person declined, or is needed and cannot be asked; `ChangedSinceShown`
 */
export function questionBefore(
  context: OperationContext,
  call: OperationCall,
  { canAsk, answer, state }: { canAsk: boolean; answer: PersonAnswer; state: string | undefined },
): PersonQuestion | undefined {
  const isNeeded = needsPerson(call);
  if (!isNeeded && !asks.has(call.operation.name) && !startsPrograms(call)) return undefined;
  if (!canAsk) {
    if (!isNeeded) return undefined;
    throw new TaskError('NotConfirmed', 'Only a person can confirm this, and the client cannot ask one.', {
      next: [operationStep('Confirm it on the command line', call.operation.name, call.input)],
    });
  }
  const message = messageOf(context, call);
  const expected = stateOf(call, message, contentOf(context, call));
  if (answer === undefined) return { message, state: expected };
  if (answer !== 'accept') {
    throw new TaskError('NotConfirmed', 'The person did not confirm it. Nothing was changed.', {
      next: [textStep('Ask the person how to continue.')],
    });
  }
  if (state !== undefined && isSame(state, expected)) return undefined;
  throw new TaskError(
    'ChangedSinceShown',
    'The content has changed since the person confirmed it. Nothing was changed.',
    {
      next: [textStep('Call the tool again, so that the person sees the current content.')],
    },
  );
}

/** Signed, so that a client cannot answer a question that was not asked. */
function stateOf({ operation, input }: OperationCall, message: string, shown: readonly string[]): string {
  const content = createHash('sha256')
    .update(JSON.stringify([operation.name, input, message, shown]))
    .digest();
  return createHmac('sha256', key).update(content).digest('base64url');
}

/** The whole of the requests or orders, of which the question shows the beginning. */
function contentOf(context: OperationContext, { operation, input }: OperationCall): string[] {
  const tasks = tasksOf(context, input);
  if (!decides.has(operation.name)) return tasks.map(orderOf);
  return tasks.flatMap((task) => pendingApprovals(task).map((request) => requestDigest(task, request)));
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function messageOf(context: OperationContext, { operation, input }: OperationCall): string {
  const tasks = tasksOf(context, input);
  const lines = tasks.flatMap((task) => [
    `#${task.number} ${sanitizeLine(task.title)} (${task.tool})`,
    ...(decides.has(operation.name) ? requestLines(task, input.request) : []),
  ]);
  const values = Object.entries(input).filter(([name]) => name !== 'task' && name !== 'tasks');
  const more = values.length === 0 ? [] : [clipped(JSON.stringify(Object.fromEntries(values)))];
  return [operation.summary, ...lines, ...more].join('\n');
}

function requestLines(task: TaskRecord, request: unknown): string[] {
  const pending = pendingApprovals(task).filter(
    ({ id, number }) => request === undefined || String(request) === String(number) || request === id,
  );
  return pending.slice(0, REQUESTS).map(({ number, title, detail }) => {
    const command = detail?.command === undefined ? '' : `: ${clipped(sanitizeLine(detail.command))}`;
    const files = detail?.files === undefined ? '' : ` (${clipped(detail.files.map(sanitizeLine).join(', '))})`;
    return `  Request ${number}: ${clipped(sanitizeLine(title))}${command}${files}`;
  });
}

function tasksOf({ store }: OperationContext, { task, tasks }: Readonly<Record<string, unknown>>): TaskRecord[] {
  const named = [task ?? tasks ?? []].flat().filter((each) => typeof each === 'string' || typeof each === 'number');
  // A wrong name is an error of the operation, which says more about it.
  return named.flatMap((each) => {
    try {
      return [store.resolve(String(each))];
    } catch {
      return [];
    }
  });
}

function clipped(text: string): string {
  return text.length <= WORDS ? text : `${text.slice(0, WORDS)}…`;
}
