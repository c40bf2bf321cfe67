import { TaskError } from '../../core/errors.ts';
import { isTaskId } from '../../core/task/id.ts';
import { isTaskNumber } from '../../core/task/number.ts';
import { isNewTaskRecord, isRequiredPart, isTaskPart, parseTaskRecord } from '../../core/task/record-check.ts';
import { renewedKeys } from '../../core/task/renewal.ts';
import { type Lease, type NewTaskRecord, newTaskRecordSchema, type TaskRecord } from '../../core/task/schema.ts';
import { isTooDeep } from './depth.ts';

/**
 * A change of one task. `rev` is the revision that the task has after it; a creation makes revision 1, and a renewed lease
 * keeps the revision.
 */
export type Change =
  | { readonly op: 'create'; readonly id: string; readonly task: NewTaskRecord }
  | {
      readonly op: 'set';
      readonly id: string;
      readonly rev: number;
      readonly set: Record<string, unknown>;
      readonly unset?: string[];
    }
  | {
      readonly op: 'delete';
      readonly id: string;
      /** Set if the task was archived instead of deleted: the name of the staged file that contains it. */
      readonly archived?: string;
    }
  /** Brings an archived task back with its number. */
  | { readonly op: 'restore'; readonly id: string; readonly task: TaskRecord };

/** Whether a change renews a lease within a revision. */
export function isRenewal({ set, unset }: Extract<Change, { op: 'set' }>): boolean {
  const lease = set['lease'] as Partial<Lease> | undefined;
  return unset === undefined && lease?.renewal !== undefined && Object.keys(set).every((key) => renewedKeys.has(key));
}

/** Changes that happen as a whole or not at all. */
export interface Transaction {
  readonly v: 1;
  readonly tx: string;
  readonly at: string;
  /** `host:pid` of the writer, for people who read the journal. */
  readonly by: string;
  /** The name of the operation: `task.start`. */
  readonly name: string;
  readonly ops: readonly Change[];
  /** Tasks that must not have changed either, though this does not change them. */
  readonly reads?: readonly string[];
  /** Set when the change was decided by looking at dependencies and parents. */
  readonly graph?: true;
  /** Set when the change was decided by counting running tasks. */
  readonly claims?: true;
}

/** Keys whose change moves the graph of dependencies and parts. */
export const graphKeys: readonly string[] = ['depends_on', 'parent_id'];

const fixedKeys = new Set(['id', 'number', 'revision', 'created_at']);

/**
 * The fault of a change, or undefined. The journal is untrusted input: another program, a newer version or a
 * person may have written it.
 */
export function changeProblem(change: unknown): string | undefined {
  if (typeof change !== 'object' || change === null) return 'not a change';
  const { op, id, archived } = change as { op?: unknown; id?: unknown; archived?: unknown };
  if (typeof id !== 'string' || !isTaskId(id)) return 'bad id';
  if (op === 'delete') return archived === undefined || isArchiveToken(archived) ? undefined : 'bad archive';
  if (isTooDeep(change)) return 'nested too deeply';
  if (op === 'restore') return restoreProblem(change as { id: string; task?: unknown });
  if (op === 'create') return createProblem(change as { id: string; task?: unknown });
  if (op === 'set') return setProblem(change as { rev?: unknown; set?: unknown; unset?: unknown });
  return 'unknown change';
}

/** @throws TaskError `InvalidInput` or `TooLarge` naming the field */
export function assertChange(change: Change): void {
  const problem = changeProblem(change);
  if (problem !== undefined) throw new TaskError('InvalidInput', `The task cannot be kept: ${problem}.`);
}

function createProblem(change: { id: string; task?: unknown }): string | undefined {
  const { task } = change;
  if (!isNewTaskRecord(task)) {
    const parsed = newTaskRecordSchema.safeParse(task);
    if (!parsed.success) return issueText(parsed.error);
  }
  return (task as NewTaskRecord).id === change.id ? undefined : 'the ids differ';
}

/** Part of a file name: nothing in it may lead elsewhere. */
function isArchiveToken(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);
}

function restoreProblem(change: { id: string; task?: unknown }): string | undefined {
  const { task } = change;
  const parsed = parseTaskRecord(task);
  if (!parsed.success) return issueText(parsed.error);
  const { id, number } = parsed.data;
  if (!isTaskNumber(number)) return 'its number is too large';
  return id === change.id ? undefined : 'the ids differ';
}

function setProblem(change: { rev?: unknown; set?: unknown; unset?: unknown }): string | undefined {
  if (!Number.isInteger(change.rev)) return 'no revision';
  if (typeof change.set !== 'object' || change.set === null) return 'nothing to set';
  for (const [key, value] of Object.entries(change.set)) {
    if (fixedKeys.has(key)) return `${key} cannot change`;
    if (!isTaskPart(key, value)) return `${key} is not valid`;
  }
  const unset: unknown = change.unset ?? [];
  if (!Array.isArray(unset)) return 'bad list of keys';
  const required = unset.find((key) => typeof key !== 'string' || isRequiredPart(key));
  return required === undefined ? undefined : `${String(required)} cannot be removed`;
}

function issueText(error: { issues: { path: PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue === undefined ? 'wrong shape' : `${issue.path.map(String).join('.')}: ${issue.message}`;
}
