import type { TaskRecord } from '../../core/task/schema.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { changesKey } from '../task/changes-key.ts';

/** The extent of the changes of a task. */
export interface ChangedLines {
  readonly files: number;
  readonly added: number;
  readonly deleted: number;
}

/** Each count runs git several times. */
const AT_ONCE = 2;
/** Entries that are kept; the oldest one is dropped. */
const KEPT = 1_000;

interface Known {
  readonly key: string;
  readonly lines: ChangedLines | undefined;
}

/** Counts the changed lines of shown tasks in the background, once for each result. */
export class ChangeCounts {
  private readonly counted: () => void;
  private readonly known = new Map<string, Known>();
  private readonly waiting = new Map<string, { readonly folder: TaskFolder; readonly key: string }>();
  /** Counts that git works on, by task and key: the board loads again while they run. */
  private readonly counting = new Set<string>();

  /** `counted` is called when a count that was missing is there. */
  constructor(counted: () => void) {
    this.counted = counted;
  }

  /** The count of a task; undefined for now if it is unknown. A running task has none, because it would be outdated. */
  of(folder: TaskFolder, task: TaskRecord, trusted: boolean): ChangedLines | undefined {
    const key = task.status === 'in_progress' ? null : changesKey(task, trusted);
    if (key === null) return undefined;
    const known = this.known.get(task.id);
    if (known?.key !== key && !this.counting.has(`${task.id} ${key}`)) {
      this.waiting.set(task.id, { folder, key });
      this.next();
    }
    return known?.lines;
  }

  dispose(): void {
    this.waiting.clear();
  }

  private next(): void {
    while (this.counting.size < AT_ONCE) {
      const [first] = this.waiting;
      if (first === undefined) return;
      const [id, { folder, key }] = first;
      this.waiting.delete(id);
      this.counting.add(`${id} ${key}`);
      void this.count(folder, id, key);
    }
  }

  private async count(folder: TaskFolder, id: string, key: string): Promise<void> {
    // A task whose changes git cannot list has none on the board; its page says why.
    const files = await operate(folder, 'task.diff', { task: id, stat: true }).then(
      (changes) => changes.files,
      () => [],
    );
    const sum = (lines: readonly (number | null)[]): number => lines.reduce<number>((all, one) => all + (one ?? 0), 0);
    const lines =
      files.length === 0
        ? undefined
        : {
            files: files.length,
            added: sum(files.map(({ added }) => added)),
            deleted: sum(files.map(({ deleted }) => deleted)),
          };
    this.known.delete(id);
    this.known.set(id, { key, lines });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= KEPT) break;
      this.known.delete(oldest);
    }
    this.counting.delete(`${id} ${key}`);
    if (lines !== undefined) this.counted();
    this.next();
  }
}
