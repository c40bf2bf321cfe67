import type { TestContext } from 'node:test';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import type { Draft } from '../../../src/store/journal/draft.ts';
import type { StateChange } from '../../../src/store/journal/state.ts';
import type { Repository } from '../../../src/store/repository.ts';

/** Makes an empty repository, opened by the test. */
export type MakeRepository = (context: TestContext) => Repository | Promise<Repository>;

export interface Opened {
  readonly repository: Repository;
  /** All changes that the repository has reported. */
  readonly changes: StateChange[];
  /** All log entries that it has reported, each with the id of its task. */
  readonly logged: [string, TaskLogEntry][];
}

export async function opened(context: TestContext, make: MakeRepository): Promise<Opened> {
  const repository = await make(context);
  const changes: StateChange[] = [];
  const logged: [string, TaskLogEntry][] = [];
  await repository.open({
    changed: (more) => changes.push(...more),
    logged: (id, entries) => logged.push(...entries.map((entry): [string, TaskLogEntry] => [id, entry])),
  });
  context.after(() => repository.close());
  return { repository, changes, logged };
}

/** A mutation that creates a task. */
export const create =
  (title: string, extra: { dependsOn?: TaskRecord['id'][]; parentId?: TaskRecord['id'] } = {}) =>
  (draft: Draft): TaskRecord['id'] => {
    const record = newTaskRecord({ title, ...extra }, draft.at);
    draft.create(record);
    return record.id;
  };

export function entry(message: string, at = 0): TaskLogEntry {
  return { timestamp: new Date(at).toISOString(), level: 'info', type: 'output', message };
}
