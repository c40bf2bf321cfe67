import type { TransactionLine } from '../../journal/acceptance.ts';
import { differences } from '../../journal/differences.ts';
import { KeyHistory } from '../../journal/key-history.ts';
import { type Change, StoreState } from '../../journal/state.ts';

/**
 * What the journal and the task files make in memory. While everything is read again, that goes into a state aside, and
 * the view stands as it was; it changes at once when the reading is done.
 */
export class Memory {
  readonly state = new StoreState();
  history = new KeyHistory();
  private aside: StoreState | undefined;
  private changes: Change[] = [];
  /** False when the first line that is read says which number comes next. */
  private numbering = true;

  get isLoading(): boolean {
    return this.aside !== undefined;
  }

  /** What the lines that are read go into. */
  get target(): StoreState {
    return this.aside ?? this.state;
  }

  accept(line: TransactionLine): void {
    const state = this.target;
    if (!this.numbering) state.nextNumber = line.next;
    this.numbering = true;
    for (const operation of line.ops) {
      this.history.note(operation);
      const change = state.apply(operation, line.at);
      if (change !== undefined && this.aside === undefined) this.changes.push(change);
    }
  }

  /** Gives the empty state that is read into from now on. */
  begin(): StoreState {
    this.history = new KeyHistory();
    this.aside = new StoreState();
    return this.aside;
  }

  /** Whether the number of the next task is known, or to be taken from the first line. */
  numbered(known: boolean): void {
    this.numbering = known;
  }

  /** What was read aside is the view from now on. `isArchived` where the differences are to be told, not at first. */
  finish(isArchived?: (id: string) => boolean): void {
    if (this.aside === undefined) return;
    const before = isArchived === undefined ? [] : [...this.state.all()];
    this.state.adopt(this.aside);
    if (isArchived !== undefined) this.changes.push(...differences(before, this.state, isArchived));
    this.end();
  }

  /** The reading failed; the view stays as it was. */
  end(): void {
    this.aside = undefined;
    this.numbering = true;
  }

  takeChanges(): Change[] {
    const { changes } = this;
    this.changes = [];
    return changes;
  }
}
