import { isCounted } from '../../core/task/number.ts';
import type { Change } from './change.ts';
import { differences } from './differences.ts';
import { KeyHistory } from './key-history.ts';
import type { TransactionLine } from './lines.ts';
import { type StateChange, StoreState } from './state.ts';

/**
 * The state that records and journal make in memory. Reading everything again fills a second state aside, and the view
 * keeps the old one. When the reading is complete, the view changes in one step.
 */
export class Memory {
  readonly state = new StoreState();
  history = new KeyHistory();
  /** Tasks that lines changed which this store did not write. */
  readonly foreign = new Set<string>();
  private aside: StoreState | undefined;
  private changes: StateChange[] = [];
  /** False if the next number comes from the first line of the journal. */
  private numbering = true;

  get isLoading(): boolean {
    return this.aside !== undefined;
  }

  /** The state that lines are applied to. */
  get target(): StoreState {
    return this.aside ?? this.state;
  }

  accept(line: TransactionLine, foreign = false): void {
    const state = this.target;
    if (!this.numbering && isCounted(line.next)) state.nextNumber = line.next;
    this.numbering = true;
    for (const change of line.ops) {
      this.history.note(change);
      this.noteOrigin(change, foreign);
      const applied = state.apply(change, line.at);
      if (applied !== undefined && this.aside === undefined) this.changes.push(applied);
    }
  }

  /** Starts a reading of everything into an empty state. */
  begin(): StoreState {
    this.history = new KeyHistory();
    this.foreign.clear();
    this.aside = new StoreState();
    return this.aside;
  }

  /** @param known whether the number of the next task is known, or has to come from the first line */
  numbered(known: boolean): void {
    this.numbering = known;
  }

  /** Makes the second state the view. With `isArchived`, also records the differences from the old view. */
  finish(isArchived?: (id: string) => boolean): void {
    if (this.aside === undefined) return;
    const before = isArchived === undefined ? [] : [...this.state.all()];
    this.state.adopt(this.aside);
    if (isArchived !== undefined) this.changes.push(...differences(before, this.state, isArchived));
    this.end();
  }

  /** Ends a reading; after a failure, the view is unchanged. */
  end(): void {
    this.aside = undefined;
    this.numbering = true;
  }

  /** A complete record written by the store itself replaces the foreign content of a task. */
  private noteOrigin({ op, id }: Change, foreign: boolean): void {
    if (foreign && op !== 'delete') this.foreign.add(id);
    else if (op !== 'set') this.foreign.delete(id);
  }

  takeChanges(): StateChange[] {
    const { changes } = this;
    this.changes = [];
    return changes;
  }
}
