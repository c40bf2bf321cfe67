import { useSignal } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { virtualWindow } from '../kit/virtual-window.ts';
import { ItemRow } from './item-row.tsx';
import type { PlanRow, PlanWords } from './protocol.ts';
import { selected, setCollapsed, shown } from './state.ts';

const ROW_HEIGHT = 30;

interface ItemListProps {
  readonly words: PlanWords;
  readonly items: readonly PlanRow[];
}

/** The items as a tree of rows. Only the rows in sight are in the page; the arrow keys move between titles. */
export function ItemList({ words, items }: ItemListProps): JSX.Element {
  const place = useRef<HTMLUListElement>(null);
  const scroll = useSignal({ top: 0, height: 400 });
  /** The title that gets the focus once its row is drawn. */
  const wanted = useSignal<number | undefined>(undefined);
  const rows = shown.value;
  useEffect(() => {
    const list = place.current;
    if (list === null) return undefined;
    const measure = (): void => {
      scroll.value = { top: list.scrollTop, height: list.clientHeight };
    };
    const resized = new ResizeObserver(measure);
    resized.observe(list);
    return () => resized.disconnect();
  }, []);
  const reveal = (row: number): void => {
    const list = place.current;
    if (list === null || row < 0) return;
    const top = row * ROW_HEIGHT;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + ROW_HEIGHT > list.scrollTop + list.clientHeight) {
      list.scrollTop = top + ROW_HEIGHT - list.clientHeight;
    }
  };
  useEffect(() => reveal(rows.indexOf(selected.value)), [selected.value]);
  useEffect(() => {
    const row = wanted.value;
    const field = place.current?.querySelector<HTMLInputElement>(`[data-row="${row}"] input[type="text"]`);
    if (field === null || field === undefined) return;
    wanted.value = undefined;
    field.focus({ preventScroll: true });
  });
  const go = (row: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, row));
    const position = rows[next];
    if (position === undefined) return;
    selected.value = position;
    wanted.value = position;
    reveal(next);
  };
  const { first, end, before, after } = virtualWindow({
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    scrollTop: scroll.value.top,
    height: scroll.value.height,
  });
  const page = Math.max(1, Math.floor(scroll.value.height / ROW_HEIGHT));
  const press = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = rows.indexOf(selected.peek());
    const item = items[selected.peek()];
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) go(at + step);
    else if (event.key === 'Enter' && item?.group === true) {
      setCollapsed(item.key, rows[at + 1] === selected.peek() + 1);
    } else return;
    event.preventDefault();
  };
  return (
    <ul
      ref={place}
      class="list"
      aria-label={words.list}
      onScroll={({ currentTarget }) => {
        scroll.value = { top: currentTarget.scrollTop, height: currentTarget.clientHeight };
      }}
    >
      <li aria-hidden="true" class="space" style={{ height: `${before}px` }} />
      {rows.slice(first, end).map((position, index) => {
        const item = items[position];
        return item === undefined ? undefined : (
          <ItemRow
            key={item.key}
            words={words}
            item={item}
            position={position}
            rowIndex={first + index + 1}
            rowCount={rows.length}
            isParent={(items[position + 1]?.depth ?? 0) > item.depth}
            press={press}
          />
        );
      })}
      <li aria-hidden="true" class="space" style={{ height: `${after}px` }} />
    </ul>
  );
}
