import { type Change, isRenewal } from './change.ts';

interface Entry {
  /** The revision that the task had before the first change that is noted; 0 for one that was created. */
  readonly from: number;
  last: number;
  /** The revision that changed a key last; none of a task that was only created. */
  keys: Map<string, number> | undefined;
}

/** Which keys of a task were changed by which revision, as far back as the last two segments of the journal go. */
export class KeyHistory {
  private current = new Map<string, Entry>();
  private previous = new Map<string, Entry>();

  note(change: Change): void {
    const { id } = change;
    if (change.op === 'delete') {
      this.current.delete(id);
      this.previous.delete(id);
    } else if (change.op === 'set') {
      const entry = this.entry(id) ?? {
        from: isRenewal(change) ? change.rev : change.rev - 1,
        last: 0,
        keys: undefined,
      };
      entry.keys ??= new Map();
      for (const key of [...Object.keys(change.set), ...(change.unset ?? [])]) entry.keys.set(key, change.rev);
      entry.last = change.rev;
      this.current.set(id, entry);
    } else {
      const last = change.op === 'create' ? 1 : change.task.revision;
      this.current.set(id, { from: change.op === 'create' ? 0 : last, last, keys: undefined });
    }
  }

  /** A segment has ended: keys without a change in it are dropped. */
  rotate(): void {
    this.previous = this.current;
    this.current = new Map();
  }

  /** Whether the journal alone knows all of the task. */
  hasAllOf(id: string): boolean {
    return this.entry(id)?.from === 0;
  }

  /** The revision of the last change that is noted. */
  last(id: string): number | undefined {
    return this.entry(id)?.last;
  }

  /** Keys that were changed after a revision; undefined when that is not known. */
  since(id: string, revision: number): ReadonlySet<string> | undefined {
    const entry = this.entry(id);
    if (entry === undefined || entry.from > revision) return undefined;
    return new Set([...(entry.keys ?? [])].filter(([, changed]) => changed > revision).map(([key]) => key));
  }

  private entry(id: string): Entry | undefined {
    return this.current.get(id) ?? this.previous.get(id);
  }
}
