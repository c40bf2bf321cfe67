import type { TaskRecord } from '../../core/task/schema.ts';
import type { TransactionLine } from '../journal/lines.ts';

/**
 * Ignores deletions in journal lines that this store did not write. All other changes of such a line leave a task that a
 * person can look at and confirm; a deletion leaves nothing. Every process with the key of the store ignores the same ones.
 */
export class ForeignDeletions {
  /** The ignored deletions since the journal was read from its beginning, in words for a person. */
  readonly problems: string[] = [];

  /** The journal is read from its beginning. */
  forget(): void {
    this.problems.length = 0;
  }

  /** The line without its deletions. @param before finds a task as it was before the line */
  drop(line: TransactionLine, before: (id: string) => TaskRecord | undefined): TransactionLine {
    for (const { op, id } of line.ops) {
      const task = op === 'delete' ? before(id) : undefined;
      if (task === undefined) continue;
      this.problems.push(
        `A deletion of #${task.number} "${task.title}" in the journal did not come through this store. It was ignored.`,
      );
    }
    return { ...line, ops: line.ops.filter(({ op }) => op !== 'delete') };
  }
}
