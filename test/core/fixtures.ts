import assert from 'node:assert/strict';
import { type ErrorCode, TaskError } from '../../src/core/errors.ts';
import { type NewTaskFields, newTaskRecord } from '../../src/core/task/create.ts';
import type { TaskId } from '../../src/core/task/id.ts';
import type { TaskPatch } from '../../src/core/task/lifecycle.ts';
import type { Execution, Lease, TaskRecord } from '../../src/core/task/schema.ts';

const START = Date.UTC(2026, 0, 1);

/** A time so many milliseconds after the beginning of all tests. */
export function at(ms = 0): string {
  return new Date(START + ms).toISOString();
}

export function taskId(name: string): TaskId {
  return name as TaskId;
}

/** A task as a store would hold it after its creation. */
export function newTask(params: NewTaskFields = {}, number = 1): TaskRecord {
  const record = newTaskRecord({ title: 'Fix the login test', tool: 'SHELL', ...params }, at(0));
  return { ...record, number, revision: 1 } as TaskRecord;
}

/** A task with some fields put in by force, past the rules. */
export function taskWith(fields: Partial<TaskRecord>): TaskRecord {
  return { ...newTask(), ...fields };
}

/** What a store makes of a patch: a key whose value is undefined goes. */
export function patched(task: TaskRecord, patch: TaskPatch): TaskRecord {
  const next: Record<string, unknown> = { ...task, revision: task.revision + 1 };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  return next as TaskRecord;
}

/** Looks tasks up by their ids, as a store does. */
export function finder(tasks: Iterable<TaskRecord>): (id: string) => TaskRecord | undefined {
  const byId = new Map<string, TaskRecord>([...tasks].map((task) => [task.id, task]));
  return (id) => byId.get(id);
}

export const nothing = (): undefined => undefined;

export function leaseOf(worker: string): Lease {
  return { worker, host: 'here', pid: 4711, started: '1', expires_at: at(45_000) };
}

export function executionOf(id: string, worker = 'w1', startedAt = at(0)): Execution {
  return { id, agent: 'SHELL', worker, started_at: startedAt };
}

/** Runs what must be refused and gives the refusal. */
export function refusal(action: () => unknown, ...codes: ErrorCode[]): TaskError {
  try {
    action();
  } catch (error) {
    assert.ok(TaskError.is(error), `a TaskError, not ${String(error)}`);
    if (codes.length > 0) assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
    return error;
  }
  assert.fail('it was not refused');
}
