import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';

export interface WaitOptions {
  /** Aborts the wait; the tasks continue. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the wait fails. Default: no limit. */
  readonly timeout?: number | undefined;
}

/** Milliseconds between polls, for changes of other processes. The timer also keeps the process alive. */
const POLL_MS = 500;

/**
 * Waits until each task has ended; its session may stay open. A task that waits for a person has not ended. A deleted
 * task is left out.
 *
 * @returns the tasks in their final state, in the given order
 * @throws TaskError `TimedOut`, and the reason of the signal if it aborts
 */
export async function waitForTasks(
  { store }: WithStore,
  ids: readonly string[],
  { signal, timeout }: WaitOptions = {},
): Promise<TaskRecord[]> {
  signal?.throwIfAborted();
  const current = (): TaskRecord[] => ids.flatMap((id) => store.view.byId(id) ?? []);
  const open = (): TaskRecord[] => current().filter((task) => !hasEnded(task));
  const until = timeout === undefined ? undefined : performance.now() + timeout;
  await store.refresh();
  while (open().length > 0) {
    if (until !== undefined && performance.now() >= until) throw timedOut(open());
    await changeOrPoll({ store }, signal, until);
    signal?.throwIfAborted();
    await store.refresh();
  }
  return current();
}

/** True also while the session of a finished task stays open for follow-ups. */
function hasEnded({ status, lease }: TaskRecord): boolean {
  return status === 'completed_active' || (isTerminal(status) && lease === undefined);
}

/**
 * Resolves at the next change of a task, after at most {@link POLL_MS}, or when the signal aborts.
 *
 * @param until the end of the wait by `performance.now()`
 */
export function changeOrPoll(
  { store }: WithStore,
  signal: AbortSignal | undefined,
  until = Number.POSITIVE_INFINITY,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, Math.min(POLL_MS, until - performance.now())));
    const subscriptions = [store.on('task:updated', done), store.on('task:deleted', done)];
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The error of a wait that took too long, with the open tasks. */
export function timedOut(open: readonly TaskRecord[]): TaskError {
  const names = open.map(({ number, status }) => `#${number} (${status})`);
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
  return new TaskError('TimedOut', `These tasks did not end in time: ${shown}.`, {
    next: [operationStep('Show what they wait for', 'queue.status')],
  });
}
