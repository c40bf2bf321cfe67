import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { LiveRegion } from '../kit/live-region.tsx';
import { toggle } from './card-item.tsx';
import { ColumnSection } from './column-section.tsx';
import { chooseMove, moveBeside } from './moves.ts';
import type { Board, BoardWords } from './protocol.ts';
import { act, board, channel, clearFilter, current, failure, load, selected, spoken } from './state.ts';
import { Toolbar } from './toolbar.tsx';

/** Durations and ages on the cards are rounded to minutes. */
const AGING_MS = 30_000;

/** The tasks of a folder as cards in columns. */
export function BoardPage({ words }: { readonly words: BoardWords }): JSX.Element {
  const data = board.value;
  useEffect(() => {
    const aging = setInterval(() => void load(), AGING_MS);
    return () => clearInterval(aging);
  }, []);
  useKeptCard(data);
  const problem = failure.value || data?.problem || '';
  const first = data?.columns.find(({ cards }) => cards.length > 0)?.key;
  return (
    <>
      {data === undefined ? undefined : <Toolbar words={words} data={data} />}
      <p class={problem === '' ? 'status' : 'status failed'} role="status">
        {problem}
      </p>
      <LiveRegion text={spoken.value} />
      {data === undefined ? undefined : data.total === 0 ? (
        <div class="empty">
          <p>{words.noTasks}</p>
          {data.trusted ? (
            <Button look="primary" press={() => act(channel.request('newTask', {}))}>
              {words.newTask}
            </Button>
          ) : undefined}
        </div>
      ) : first === undefined ? (
        <div class="empty">
          <p>{words.noMatch}</p>
          <Button look="secondary" press={clearFilter}>
            {words.clear}
          </Button>
        </div>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields.
        <div
          class="columns"
          role="group"
          aria-label={words.board}
          aria-description={words.help}
          onKeyDown={(event) => onKey(event, words)}
        >
          {data.columns.map((column) => (
            <ColumnSection key={column.key} words={words} column={column} first={column.key === first} />
          ))}
        </div>
      )}
    </>
  );
}

/** Keeps the focus on a card that a load moved to another column. */
function useKeptCard(data: Board | undefined): void {
  const focused = useRef<string>(undefined);
  const active = document.activeElement;
  if (active instanceof HTMLElement && active.dataset.id !== undefined) focused.current = active.dataset.id;
  else if (active !== document.body) focused.current = undefined;
  useLayoutEffect(() => {
    const id = focused.current;
    if (id === undefined || document.activeElement !== document.body || !document.hasFocus()) return;
    for (const { key, cards } of data?.columns ?? []) {
      if (!cards.some((card) => card.id === id)) continue;
      focus(key, id);
      return;
    }
  }, [data]);
}

function focus(column: string, id: string): void {
  current.value = { column, id };
  const card = document.querySelector<HTMLElement>(
    `[data-column="${CSS.escape(column)}"][data-id="${CSS.escape(id)}"]`,
  );
  card?.focus();
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function onKey(event: KeyboardEvent, words: BoardWords): void {
  const { target, key, altKey, ctrlKey, metaKey } = event;
  // Keys of a button inside a card belong to the button.
  if (!(target instanceof HTMLElement) || target.dataset.id === undefined || ctrlKey || metaKey) return;
  const { id, column: from = '' } = target.dataset;
  const { columns = [], wish } = board.peek() ?? {};
  const cards = columns.find((column) => column.key === from)?.cards ?? [];
  const at = cards.findIndex((card) => card.id === id);
  const card = cards[at];
  if (card === undefined || wish === undefined) return;
  const side = key === 'ArrowLeft' ? 'left' : key === 'ArrowRight' ? 'right' : undefined;
  if (altKey && side !== undefined) act(moveBeside(words, card, from, side));
  else if (altKey) return;
  else if (side !== undefined) focusBeside(from, at, side);
  else if (key === 'ArrowUp') focusAt(from, at - 1);
  else if (key === 'ArrowDown') focusAt(from, at + 1);
  else if (key === 'Home') focusAt(from, 0);
  else if (key === 'End') focusAt(from, cards.length - 1);
  else if (key === 'Enter') act(channel.request('openTask', { folder: wish.folder, task: card.id }));
  else if (key === ' ') toggle(card.id);
  else if (key === 'Escape') selected.value = new Set();
  else if (key.toLowerCase() === 'm') chooseMove(card, from);
  else return;
  event.preventDefault();
  // VS Code handles keys that reach the window, too: Alt+Left is "Go Back" on Windows.
  if (altKey) event.stopPropagation();
}

function focusAt(column: string, index: number): void {
  const card = board.peek()?.columns.find(({ key }) => key === column)?.cards[index];
  if (card !== undefined) focus(column, card.id);
}

/** Moves the focus to the next column with cards, at the same height. */
function focusBeside(from: string, index: number, side: 'left' | 'right'): void {
  const columns = board.peek()?.columns ?? [];
  const at = columns.findIndex(({ key }) => key === from);
  const beside = side === 'left' ? columns.slice(0, at).reverse() : columns.slice(at + 1);
  const next = beside.find(({ cards }) => cards.length > 0);
  if (next !== undefined) focusAt(next.key, Math.min(index, next.cards.length - 1));
}
