import { onlyQuestions } from './approval.ts';
import { awaitsPick } from './race.ts';
import type { TaskRecord } from './schema.ts';
import { isStuck, type Standing } from './standing.ts';

/** Reasons why a task needs a person, the most pressing first. */
export const needs = [
  'approval',
  'question',
  'confirmation',
  'decision',
  'failure',
  'limit',
  'blocked',
  'pick',
  'review',
] as const;
export type Need = (typeof needs)[number];

/**
 * The reason why a task needs a person: it asks, came from outside and waits for a confirmation, has a cost limit that
 * cannot be counted (`decision`), failed, reached a limit, waits for a task that cannot complete, has results of a race to
 * pick from, has a result to review, or an open session that only a person completes. Undefined if it needs no person.
 */
export function needOf(task: TaskRecord, situation: Standing): Need | undefined {
  switch (situation.kind) {
    case 'asking':
      return onlyQuestions(situation.requests) ? 'question' : 'approval';
    case 'failed':
      // The failed parts of a group need the person.
      return task.kind === 'group' || situation.settled === true ? undefined : 'failure';
    case 'review':
      return awaitsPick(task) ? 'pick' : 'review';
    case 'open':
      return situation.accept === true ? 'review' : undefined;
    case 'waiting':
      if (situation.for === 'uncounted') return 'decision';
      if (situation.for === 'confirmation') return 'confirmation';
      if (situation.for === 'limit' || situation.for === 'resume') return 'limit';
      return situation.for === 'dependency' && isStuck(situation) ? 'blocked' : undefined;
    case 'paused':
      return situation.reason === 'budget' ? 'limit' : undefined;
    default:
      return undefined;
  }
}

/** Tasks that need a person with the reason, the most pressing first, then the oldest. */
export function needingPerson(
  tasks: Iterable<TaskRecord>,
  standingOf: (task: TaskRecord) => Standing,
): { readonly task: TaskRecord; readonly need: Need }[] {
  const found: { readonly task: TaskRecord; readonly need: Need }[] = [];
  for (const task of tasks) {
    const need = task.archived_at === undefined ? needOf(task, standingOf(task)) : undefined;
    if (need !== undefined) found.push({ task, need });
  }
  return found.sort((a, b) => needs.indexOf(a.need) - needs.indexOf(b.need) || a.task.number - b.task.number);
}
