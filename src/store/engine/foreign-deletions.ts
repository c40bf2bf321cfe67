import type { TaskRecord } from '../../core/task/schema.ts';
import type { TransactionLine } from '../journal/lines.ts';

/** Ignored deletions that are listed one by one. */
const SHOWN = 20;

/**
 * Ignores deletions in journal lines that this store did not write. All other changes of such a line leave a task that a
 * person can look at and confirm; a deletion leaves nothing. Every process with the key of the store ignores the same ones.
 */
export class ForeignDeletions {
  private count = 0;
  /** The ignored deletions since the journal was read from its beginning, in words for a person. */
  readonly problems: string[] = [];

  /** The journal is read from its beginning. */
  forget(): void {
    this.problems.length = 0;
    this.count = 0;
  }

  /** The line without its deletions. @param before finds a task as it was before the line */
  drop(line: TransactionLine, before: (id: string) => TaskRecord | undefined): TransactionLine {
    for (const { op, id } of line.ops) {
      const task = op === 'delete' ? before(id) : undefined;
      if (task === undefined) continue;
      this.report(
        `A deletion of #${task.number} "${task.title}" in the journal did not come through this store. It was ignored.`,
      );
    }
    return { ...line, ops: line.ops.filter(({ op }) => op !== 'delete') };
  }

  /** Anyone can write any number of them into a journal, so that only the first are kept. */
  private report(problem: string): void {
    this.count += 1;
    if (this.count <= SHOWN) this.problems.push(problem);
    else
      this.problems[SHOWN] = `${this.count - SHOWN} more deletions did not come through this store and were ignored.`;
  }
}
