import { isTerminal, type TaskPatch } from './lifecycle.ts';
import { isLiveEntrant, statusOfRace } from './race.ts';
import { limits, type TaskRecord, type TaskStatus } from './schema.ts';

/** Numbers of parts that a message names. */
const NAMED = 5;

/** The status of a group with these parts. Undefined without parts: then the group keeps its own. */
export function statusOfParts(parts: readonly TaskRecord[]): TaskStatus | undefined {
  if (parts.length === 0) return undefined;
  const has = (status: TaskStatus): boolean => parts.some((part) => part.status === status);
  if (parts.every(({ status }) => isTerminal(status))) {
    if (has('failed')) return 'failed';
    return has('completed') ? 'completed' : 'cancelled';
  }
  const begun = parts.some(({ status, started_at: started }) => isTerminal(status) || started !== undefined);
  return begun ? 'in_progress' : 'pending';
}

/** The completed share of the parts in per cent; cancelled parts do not count. */
export function progressOfParts(parts: readonly TaskRecord[]): number {
  const counted = parts.filter(({ status }) => status !== 'cancelled');
  if (counted.length === 0) return 0;
  const done = counted.reduce(
    (sum, { status, kind, progress = 0 }) => sum + (status === 'completed' ? 100 : kind === 'group' ? progress : 0),
    0,
  );
  return Math.floor(done / counted.length);
}

/**
 * Gives a group the status and progress of its parts. A group does no work itself, so that the table of the lifecycle does
 * not apply: it may return from any status to any other. Undefined if nothing changes.
 */
export function followParts(group: TaskRecord, parts: readonly TaskRecord[], at: string): TaskPatch | undefined {
  const to = group.race === undefined ? statusOfParts(parts) : statusOfRace(group, parts);
  if (group.kind !== 'group' || to === undefined) return undefined;
  const percent = to === 'completed' ? 100 : progressOfParts(parts);
  const progress = percent === 0 && group.progress === undefined ? undefined : percent;
  if (to === group.status) return progress === group.progress ? undefined : { progress };
  const failed = parts.filter(({ status }) => status === 'failed');
  const error = to === 'failed' ? failureOf(failed, parts.length) : undefined;
  const reason = error ?? reasonFor(group, to);
  return {
    status: to,
    progress,
    history: [...group.history, { from: group.status, to, at, reason }].slice(-limits.history),
    started_at: to === 'pending' ? undefined : (group.started_at ?? at),
    completed_at: isTerminal(to) ? at : undefined,
    error,
    error_code: error === undefined ? undefined : 'PartFailed',
    error_next: undefined,
    pause_reason: to === 'paused' ? 'person' : undefined,
    queued_at: undefined,
  };
}

function reasonFor({ race }: TaskRecord, to: TaskStatus): string {
  if (to === 'paused') return 'a person picks one of the results';
  if (to !== 'completed') return 'follows its parts';
  return race === undefined ? 'its parts are completed' : 'a result was picked';
}

/** True for a part whose end may change the status of its group. */
export function isOpenPart({ race }: TaskRecord, part: TaskRecord): boolean {
  return race === undefined ? !isTerminal(part.status) : isLiveEntrant(part);
}

function failureOf(failed: readonly TaskRecord[], total: number): string {
  const names = failed.slice(0, NAMED).map(({ number }) => `#${number}`);
  const more = failed.length > NAMED ? ` and ${failed.length - NAMED} more` : '';
  return `${failed.length} of ${total} parts failed: ${names.join(', ')}${more}.`;
}
