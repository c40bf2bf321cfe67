import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import { lastTransition } from './last-transition.ts';
import { isTerminal } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

interface Family {
  byId(id: string): TaskRecord | undefined;
  children(id: string): Iterable<TaskRecord>;
}

/** The end of a task; undefined before it ended. */
export function endedAt(task: TaskRecord): string | undefined {
  if (!isTerminal(task.status) || task.lease !== undefined) return undefined;
  return lastTransition(task)?.at ?? task.completed_at ?? task.updated_at;
}

/**
 * The tasks that have ended by a moment, families as a whole: subtasks are not archived before their parent, nor a
 * parent before its subtasks.
 */
export function endedBy(all: Iterable<TaskRecord>, view: Family, moment: string): TaskRecord[] {
  const old = new Map<string, TaskRecord>();
  for (const task of all) {
    const ended = endedAt(task);
    if (ended !== undefined && ended <= moment) old.set(task.id, task);
  }
  for (let before = -1; before !== old.size; ) {
    before = old.size;
    for (const task of old.values()) if (relatives(task, view).some(({ id }) => !old.has(id))) old.delete(task.id);
  }
  return [...old.values()];
}

/**
 * Refuses to archive a task that has not ended, or a part of a group without the rest.
 *
 * @throws TaskError `IllegalTransition` with a next step
 */
export function checkArchivable(tasks: readonly TaskRecord[], view: Family): void {
  const ids = new Set<string>(tasks.map((task) => task.id));
  for (const task of tasks) {
    if (endedAt(task) === undefined) {
      throw new TaskError('IllegalTransition', `#${task.number} "${task.title}" is ${task.status}.`, {
        next: [textStep('Only completed, failed and cancelled tasks are archived.')],
      });
    }
    const rest = relatives(task, view).filter(({ id }) => !ids.has(id));
    if (rest.length > 0) {
      const names = rest.slice(0, 5).map(({ number, title }) => `#${number} ${title}`);
      throw new TaskError('IllegalTransition', `#${task.number} "${task.title}" belongs together with other tasks.`, {
        next: [textStep(`Archive them along: ${names.join('; ')}${rest.length > 5 ? ' …' : ''}.`)],
      });
    }
  }
}

/** Its parts, and its parent, as far as they are in memory. */
function relatives(task: TaskRecord, view: Family): TaskRecord[] {
  const parent = task.parent_id === undefined ? undefined : view.byId(task.parent_id);
  return [...view.children(task.id), ...(parent === undefined ? [] : [parent])];
}
