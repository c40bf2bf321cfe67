import { gateIsOpen, onlyQuestions } from '../../core/task/approval.ts';
import { deletedName } from '../../core/task/dependencies.ts';
import { awaitsPick } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { isStuck, type Standing, type TaskRef } from '../../core/task/standing.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { waitingOf } from '../../operations/queue/waiting.ts';
import { age } from '../terminal/time.ts';
import { waitingWords } from './waiting.ts';

/** The situation of a task in words, beyond its status; short, most pressing first. */
export function remarksOf(task: TaskRecord, situation: Standing, now = Date.now()): string[] {
  const remarks = situationWords(task, situation, now);
  if (task.status === 'in_progress' && task.progress !== undefined) remarks.push(`${Math.round(task.progress)} %`);
  return remarks;
}

function situationWords(task: TaskRecord, situation: Standing, now: number): string[] {
  switch (situation.kind) {
    case 'draft':
      return situation.gated ? ['needs approval to start'] : [];
    case 'ready':
      return task.queued_at === undefined ? [] : [...paused(task), 'queued'];
    case 'waiting': {
      if (situation.for === 'dependency' && isStuck(situation)) {
        return [
          ...before(task),
          `blocked by ${list(situation.on.filter((ref) => isStuck({ on: [ref] })).map((ref) => lostWord(task, ref)))}`,
        ];
      }
      const waiting = waitingOf(situation);
      return waiting === undefined ? [] : [...before(task), `waits ${waitingWords(waiting, task.number)}`];
    }
    case 'asking': {
      const { requests } = situation;
      const questions = onlyQuestions(requests);
      const first = requests.find(({ kind }) => questions || kind !== 'feedback');
      const count = requests.length > 1 ? ` (+${requests.length - 1})` : '';
      if (first === undefined) return [];
      return [`${questions ? 'has a question' : 'asks'}: ${sanitizeLine(first.title)}${count}`];
    }
    case 'running':
      if (situation.quietSince === undefined) return [];
      return situation.stale === true
        ? [`stale: ${quietWords(situation.quietSince, now)}, recover it: doctor --fix`]
        : [quietWords(situation.quietSince, now)];
    case 'paused':
      return paused(task);
    case 'review':
      return [
        awaitsPick(task)
          ? `results to compare: task race show ${task.number}`
          : `changes to review: task diff ${task.number}`,
      ];
    case 'failed':
      return task.error === undefined ? [] : [sanitizeLine(task.error)];
    default:
      return [];
  }
}

/** `no activity for 7m` of an agent that is quiet since a time, ISO 8601. */
export function quietWords(since: string, now: number): string {
  return `no activity for ${age(since, now)}`;
}

/** Further reasons that keep it from running. */
function before(task: TaskRecord): string[] {
  return task.status === 'pending' && !gateIsOpen(task) ? ['needs approval to start'] : paused(task);
}

function paused(task: TaskRecord): string[] {
  return task.status === 'paused' ? pauseWords(task) : [];
}

function lostWord(by: TaskRecord, { id, task }: TaskRef): string {
  return task === undefined ? deletedName(by, id) : `#${task.number} (${task.status})`;
}

/** The reason why a task without a request is paused. */
function pauseWords({ pause_reason: reason }: TaskRecord): string[] {
  switch (reason) {
    case 'person':
      return ['by a person'];
    case 'budget':
      return ['stopped at a limit'];
    case 'interrupted':
      return ['interrupted'];
    case 'approval':
      return ['waits for approval'];
    default:
      return [];
  }
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 3).join(', ');
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown;
}
