import { fill } from '../kit/format.ts';
import type { BoardWords, Card, MoveTarget } from './protocol.ts';
import { act, board, channel, dragged, load, moving, report, selected, spoken, targets } from './state.ts';

/** The tasks that an action on a card is about: it and, if it is selected, the other selected ones. */
export function actedOn(id: string): string[] {
  const others = selected.peek().has(id) ? [...selected.peek()].filter((other) => other !== id) : [];
  return [id, ...others];
}

async function targetsOf(ids: readonly string[]): Promise<MoveTarget[]> {
  const { columns = [], wish } = board.peek() ?? {};
  if (wish === undefined) return [];
  return channel.request('moves', { folder: wish.folder, tasks: [...ids], columns: columns.map(({ key }) => key) });
}

export function startDrag(from: string, id: string): void {
  const ids = actedOn(id);
  dragged.value = { from, ids };
  targets.value = undefined;
  targetsOf(ids).then((found) => {
    // The drag may have ended, or another one begun.
    if (dragged.peek()?.ids === ids) targets.value = new Map(found.map((target) => [target.column, target]));
  }, report);
}

export function endDrag(): void {
  dragged.value = undefined;
  targets.value = undefined;
}

/** Moves the dragged tasks to a column. */
export function drop(to: string): void {
  const drag = dragged.peek();
  const target = targets.peek()?.get(to);
  endDrag();
  if (drag !== undefined && target?.legal === true) act(move(drag.ids, drag.from, to));
}

async function move(ids: readonly string[], from: string, to: string): Promise<void> {
  const { folder } = board.peek()?.wish ?? { folder: '' };
  moving.value = new Set([...moving.peek(), ...ids]);
  try {
    await channel.request('move', { folder, tasks: [...ids], from, to });
    await load();
  } finally {
    moving.value = new Set([...moving.peek()].filter((id) => !ids.includes(id)));
  }
}

/** Moves a card to the nearest target on one side: the keyboard twin of dragging. */
export async function moveBeside(words: BoardWords, card: Card, from: string, side: 'left' | 'right'): Promise<void> {
  const ids = actedOn(card.id);
  const found = await targetsOf(ids);
  const at = found.findIndex(({ column }) => column === from);
  const beside = side === 'left' ? found.slice(0, Math.max(0, at)).reverse() : found.slice(at + 1);
  const target = beside.find(({ legal }) => legal);
  if (target === undefined) {
    // The nearest column says why it is no target.
    spoken.value = [words.noMove, ...beside.slice(0, 1).map(({ text }) => text)].join(' ');
    return;
  }
  await move(ids, from, target.column);
  spoken.value = fill(words.moved, `#${card.number} ${card.title}`, target.text);
}

/** Lets the person choose a target from a list of the editor. */
export function chooseMove(card: Card, from: string): void {
  const { columns = [], wish } = board.peek() ?? {};
  if (wish === undefined) return;
  const keys = columns.map(({ key }) => key);
  act(channel.request('chooseMove', { folder: wish.folder, tasks: actedOn(card.id), from, columns: keys }));
}
