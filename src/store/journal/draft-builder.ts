import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { recordChange } from '../../core/task/change-record.ts';
import { followParts, isOpenPart } from '../../core/task/group.ts';
import { newPartId } from '../../core/task/id.ts';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import { resolveTask } from '../../core/task/reference.ts';
import { renewals, renewedLease } from '../../core/task/renewal.ts';
import type { NewTaskRecord, TaskRecord } from '../../core/task/schema.ts';
import { assertChange, type Change, graphKeys, type Transaction } from './change.ts';
import type { StoreDraft } from './draft.ts';
import { OverlayView } from './overlay.ts';
import { patched } from './state.ts';
import type { StoreView } from './view.ts';

/** Bytes of a record as JSON; its file is a little longer, and read up to 16 MiB. */
const MAX_RECORD = 12_000_000;
const LARGE_CHANGE = 50_000;

type SetChange = Extract<Change, { op: 'set' }>;

/** Collects the changes of one mutation over a view, and shows the resulting view. */
export class DraftBuilder extends OverlayView implements StoreDraft {
  readonly at: string;
  readonly by: string;
  readonly logs: { id: string; entry: LogDraft }[] = [];
  private readonly changes = new Map<string, Change>();
  private readonly read = new Set<string>();
  private graph = false;
  private claims = false;

  constructor(base: StoreView, at: string, by: string) {
    super(base);
    this.at = at;
    this.by = by;
  }

  /** The task is read from now on: a change of it by another process runs this mutation again. */
  require(reference: string, project?: string): TaskRecord {
    const task = resolveTask(reference, this, project);
    this.read.add(task.id);
    return task;
  }

  create(record: NewTaskRecord): void {
    const change: Change = { op: 'create', id: record.id, task: record };
    assertChange(change);
    if (this.byId(record.id) !== undefined) {
      throw new TaskError('InvalidInput', `There is already a task with the id ${record.id}.`);
    }
    for (const id of [...record.depends_on, ...(record.parent_id === undefined ? [] : [record.parent_id])])
      this.read.add(id);
    assertSize({ ...record, number: 0, revision: 1 } as TaskRecord, { op: 'set', id: record.id, rev: 1, set: record });
    this.changes.set(record.id, change);
    // The number is assigned on commit; 0 is a placeholder.
    this.changed.set(record.id, { ...record, number: 0, revision: 1 } as TaskRecord);
  }

  patch(id: string, wish: TaskPatch, note?: string): TaskRecord {
    const before = this.byId(id);
    if (before === undefined) throw new TaskError('TaskNotFound', `There is no task "${id}".`);
    const { patch, logs } = recordChange(before, wish, { by: this.by, at: this.at, note });
    for (const entry of logs) this.log(id, entry);
    const change = this.merged(before, patch);
    if (change === undefined) return before;
    assertChange(change);
    assertSize(before, change);
    if (patch.status !== undefined && patch.status !== before.status) this.notifyDependents(before, patch.status);
    if (graphKeys.some((key) => key in patch)) this.graph = true;
    const earlier = this.changes.get(id);
    const isWhole = earlier?.op === 'create' || earlier?.op === 'restore';
    const task = patched(isWhole ? before : (this.base.byId(id) ?? before), change, this.at);
    if (earlier?.op === 'create') {
      const { number: _number, revision: _revision, ...record } = task;
      this.changes.set(id, { ...earlier, task: record as NewTaskRecord });
      this.changed.set(id, { ...task, revision: 1 });
    } else if (earlier?.op === 'restore') {
      const record = { ...task, revision: before.revision };
      this.changes.set(id, { ...earlier, task: record });
      this.changed.set(id, record);
    } else {
      this.changes.set(id, change);
      this.changed.set(id, task);
    }
    return task;
  }

  delete(id: string): void {
    const before = this.changes.get(id);
    this.changed.set(id, undefined);
    if (before?.op === 'create') this.changes.delete(id);
    else this.changes.set(id, { op: 'delete', id });
    this.graph = true;
  }

  archive(id: string, token: string): void {
    this.changed.set(id, undefined);
    this.changes.set(id, { op: 'delete', id, archived: token });
    this.graph = true;
  }

  restore(task: TaskRecord): void {
    if (this.byId(task.id) !== undefined) {
      throw new TaskError('InvalidInput', `#${task.number} is not archived.`);
    }
    this.adopt(task);
  }

  adopt(task: TaskRecord): void {
    const change: Change = { op: 'restore', id: task.id, task };
    assertChange(change);
    this.changes.set(task.id, change);
    this.changed.set(task.id, task);
  }

  guardGraph(): void {
    this.graph = true;
  }

  guardClaims(): void {
    this.claims = true;
  }

  log(id: string, entry: LogDraft): void {
    this.logs.push({ id, entry });
  }

  /** Lets the groups above changed tasks follow their parts, in the same change. */
  followParts(): void {
    const groups = new Set<string>();
    const changedParts = new Map<string, string[]>();
    for (const [id, task] of this.changed) {
      if (task?.parent_id !== undefined) {
        const parts = changedParts.get(task.parent_id) ?? [];
        if (parts.length === 0) changedParts.set(task.parent_id, parts);
        parts.push(id);
      }
      const before = this.base.byId(id);
      const same =
        before?.status === task?.status && before?.parent_id === task?.parent_id && before?.kind === task?.kind;
      const still = before?.pause_reason === task?.pause_reason && before?.race === task?.race;
      const rests = before?.started_at === task?.started_at && before?.workspace === task?.workspace;
      if (same && still && rests) continue;
      for (const parent of [before?.parent_id, task?.parent_id]) if (parent !== undefined) groups.add(parent);
      if (task?.kind === 'group') groups.add(id);
    }
    // A set visits the groups that are added meanwhile; a group above waits for nothing but its parts.
    for (const id of groups) {
      const group = this.byId(id);
      if (group?.kind !== 'group') continue;
      const parts = this.partsOf(id, changedParts.get(id) ?? []);
      const patch = followParts(group, parts, this.at);
      if (patch === undefined) {
        // Another process may end the last open part now: the group stays as it is only while this one is open.
        const open = parts.find((part) => isOpenPart(group, part) && !this.changes.has(part.id));
        if (open !== undefined) this.read.add(open.id);
        continue;
      }
      this.patch(id, patch);
      if (group.parent_id !== undefined) {
        groups.delete(group.parent_id);
        groups.add(group.parent_id);
      }
    }
  }

  /** The parts of a group; `changed` are those among the changed tasks, which are not searched for each group. */
  private partsOf(group: string, changed: readonly string[]): TaskRecord[] {
    const ids = new Set([...[...this.base.children(group)].map(({ id }) => id), ...changed]);
    return [...ids].flatMap((id) => {
      const part = this.byId(id);
      return part?.parent_id === group ? [part] : [];
    });
  }

  /** A task must not wait silently for a task that will never complete. */
  private notifyDependents(task: TaskRecord, status: TaskRecord['status']): void {
    if (status !== 'failed' && status !== 'cancelled') return;
    for (const dependent of this.dependents(task.id)) {
      const message = `It depends on #${task.number} "${task.title}", which ${status === 'failed' ? 'failed' : 'was cancelled'}.`;
      this.log(dependent.id, { level: 'warn', message });
    }
  }

  /** The transaction of these changes, or undefined without changes. */
  build(name: string, by: string): Transaction | undefined {
    if (this.changes.size === 0) return undefined;
    const reads = [...this.read].filter((id) => !this.changes.has(id));
    return {
      v: 1,
      tx: newPartId('tx'),
      at: this.at,
      by,
      name,
      ops: [...this.changes.values()],
      ...(reads.length > 0 ? { reads } : {}),
      ...(this.graph ? { graph: true as const } : {}),
      ...(this.claims ? { claims: true as const } : {}),
    };
  }

  /**
   * One `set` per task and transaction: merges earlier changes of this draft with this one and omits unchanged keys.
   */
  private merged(before: TaskRecord, patch: TaskPatch): SetChange | undefined {
    const earlier = this.changes.get(before.id);
    const base = this.base.byId(before.id);
    const set: Record<string, unknown> = earlier?.op === 'set' ? { ...earlier.set } : {};
    const unset = new Set(earlier?.op === 'set' ? earlier.unset : []);
    let changes = earlier?.op === 'set';
    for (const [key, value] of Object.entries(patch)) {
      if (same((before as Record<string, unknown>)[key], value)) continue;
      changes = true;
      delete set[key];
      unset.delete(key);
      if (value === undefined) unset.add(key);
      else set[key] = value;
    }
    if (!changes) return undefined;
    const lease = renewedLease(base, set, [...unset]);
    if (base !== undefined && lease !== undefined) {
      const renewed = { ...set, lease: { ...lease, renewal: renewals(base) + 1 } };
      return { op: 'set', id: before.id, rev: base.revision, set: renewed };
    }
    const rev = (base?.revision ?? 0) + 1;
    return { op: 'set', id: before.id, rev, set, ...(unset.size > 0 ? { unset: [...unset] } : {}) };
  }
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}

/** Without the text of the whole change, which takes a few percent of the time of a creation. */
function isSmall(set: Record<string, unknown>): boolean {
  let size = 0;
  for (const key in set) {
    const value = set[key];
    size += typeof value === 'object' ? JSON.stringify(value).length : String(value).length;
  }
  return size < LARGE_CHANGE;
}

/**
 * Keeps a record under the size up to which its file is read again. A change of small values cannot bring one over it:
 * there are not that many fields.
 */
function assertSize(before: TaskRecord, { set }: SetChange): void {
  if (isSmall(set)) return;
  const bytes = Buffer.byteLength(JSON.stringify({ ...before, ...set }));
  if (bytes <= MAX_RECORD) return;
  throw new TaskError('TooLarge', `The task would have ${bytes} bytes; ${MAX_RECORD} are allowed.`, {
    next: [textStep('Put long texts and results into files, and name the files.')],
  });
}
