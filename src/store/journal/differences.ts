import { renewals } from '../../core/task/renewal.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { changedKeys } from './changed-keys.ts';
import type { StateChange, StoreState } from './state.ts';

/** The changes between two readings of a whole store. `isArchived`: whether a missing task is in the archive. */
export function differences(
  before: Iterable<TaskRecord>,
  state: StoreState,
  isArchived: (id: string) => boolean,
): StateChange[] {
  const changes: StateChange[] = [];
  const known = new Map([...before].map((task) => [task.id as string, task]));
  for (const task of state.all()) {
    const old = known.get(task.id);
    if (old === undefined) changes.push({ kind: 'created', task });
    else if (old.revision !== task.revision || renewals(old) !== renewals(task))
      changes.push({ kind: 'updated', before: old, task, keys: changedKeys(old, task) });
  }
  for (const [id, old] of known) {
    if (state.byId(id) !== undefined) continue;
    changes.push(isArchived(id) ? { kind: 'deleted', before: old, archived: true } : { kind: 'deleted', before: old });
  }
  return changes;
}
