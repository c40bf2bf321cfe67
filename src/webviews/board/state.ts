import { signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import { type Board, boardProtocol, type MoveTarget, type Wish, wishSchema } from './protocol.ts';

const connection = connect(boardProtocol, wishSchema);
export const { channel } = connection;

export const lang = document.documentElement.lang || 'en';
export const board = signal<Board | undefined>(undefined);
/** Why the last action failed; empty if it did not. */
export const failure = signal('');
/** The last message for a screen reader. */
export const spoken = signal('');
export const wish = signal<Wish>(connection.saved ?? { folder: '', group: 'status', filter: '', limits: {} });
/** The text of the filter field; the wish follows when the person stops typing. */
export const filterText = signal(wish.peek().filter);
/** Ids of the selected tasks. */
export const selected = signal<ReadonlySet<string>>(new Set());
/** The card that the Tab key reaches; undefined for the first one. A task with several labels has several cards. */
export const current = signal<{ readonly column: string; readonly id: string } | undefined>(undefined);
/** Ids of tasks whose move is not done yet. */
export const moving = signal<ReadonlySet<string>>(new Set());
export const dragged = signal<{ readonly from: string; readonly ids: readonly string[] } | undefined>(undefined);
/** The columns as targets of the dragged tasks; undefined until the host has answered. */
export const targets = signal<ReadonlyMap<string, MoveTarget> | undefined>(undefined);

let loading = false;
let again = false;

/** Shows other tasks or columns, and keeps the choice for the next time. */
export function setWish(change: Partial<Wish>): void {
  wish.value = { ...wish.peek(), ...change };
  connection.save(wish.peek());
  void load();
}

export function clearFilter(): void {
  filterText.value = '';
  setWish({ filter: '', limits: {} });
}

/** Loads the board. Calls during a load cause one more load. The page keeps the previous cards in the meantime. */
export async function load(): Promise<void> {
  again = true;
  if (loading) return;
  loading = true;
  try {
    while (again) {
      again = false;
      show(await channel.request('load', wish.peek()));
    }
  } catch (error) {
    report(error);
  } finally {
    loading = false;
  }
}

function show(loaded: Board): void {
  const at = current.peek();
  if (at !== undefined && !isShown(loaded, at.column, at.id)) current.value = undefined;
  const ids = new Set(loaded.columns.flatMap(({ cards }) => cards.map(({ id }) => id)));
  const kept = [...selected.peek()].filter((id) => ids.has(id));
  if (kept.length < selected.peek().size) selected.value = new Set(kept);
  board.value = loaded;
}

function isShown({ columns }: Board, column: string, id: string): boolean {
  return columns.some(({ key, cards }) => key === column && cards.some((card) => card.id === id));
}

/** Runs an action of the host, and shows its error. */
export function act(action: Promise<unknown>): void {
  failure.value = '';
  action.catch(report);
}

export function report(error: unknown): void {
  failure.value = error instanceof Error ? error.message : String(error);
}
