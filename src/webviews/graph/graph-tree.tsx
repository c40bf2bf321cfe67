import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Mark } from '../kit/mark.tsx';
import { virtualWindow } from '../kit/virtual-window.ts';
import type { GraphWords } from './protocol.ts';
import { reveal } from './reveal.ts';
import { type Row, rowsOf } from './rows.ts';
import { found, index, open, selected } from './state.ts';

interface GraphTreeProps {
  readonly words: GraphWords;
}

const ROW_HEIGHT = 22;

/** The content of the picture for keyboard and screen reader. Only the rows in sight are in the page. */
export function GraphTree({ words }: GraphTreeProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const expanded = useSignal<ReadonlySet<number>>(new Set());
  const active = useSignal('');
  const scroll = useSignal({ top: 0, height: 400 });
  const scene = index.value;
  const rows = scene === undefined ? [] : rowsOf(scene, found.value, expanded.value, words);
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === active.value),
  );
  const current = rows[at];

  const number = selected.value;
  useEffect(() => {
    if (number === undefined || current?.node.number === number) return;
    active.value = String(number);
    show(rows.findIndex(({ key }) => key === String(number)));
  }, [number]);
  useEffect(() => {
    const tree = place.current;
    if (tree === null) return undefined;
    const measure = (): void => {
      scroll.value = { top: tree.scrollTop, height: tree.clientHeight };
    };
    const resized = new ResizeObserver(measure);
    resized.observe(tree);
    return () => resized.disconnect();
  }, []);
  // The active row stays in sight when the list gets smaller.
  useEffect(() => show(at), [scroll.value.height]);

  const show = (position: number): void => {
    const tree = place.current;
    if (tree === null || position < 0) return;
    const top = position * ROW_HEIGHT;
    if (top < tree.scrollTop) tree.scrollTop = top;
    else if (top + ROW_HEIGHT > tree.scrollTop + tree.clientHeight)
      tree.scrollTop = top + ROW_HEIGHT - tree.clientHeight;
  };
  const go = (position: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, position))];
    if (row === undefined) return;
    active.value = row.key;
    selected.value = row.node.number;
    reveal(row.node.number);
    show(rows.indexOf(row));
  };
  const setOpen = (row: Row, isOpen: boolean): void => {
    const next = new Set(expanded.peek());
    if (isOpen) next.add(row.node.number);
    else next.delete(row.node.number);
    expanded.value = next;
  };
  const parentOf = (position: number): number => rows.slice(0, position).findLastIndex(({ level }) => level === 1);
  const keys: Readonly<Record<string, (row: Row) => void>> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    Home: () => go(0),
    End: () => go(rows.length - 1),
    PageDown: () => go(at + Math.floor(scroll.peek().height / ROW_HEIGHT)),
    PageUp: () => go(at - Math.floor(scroll.peek().height / ROW_HEIGHT)),
    ArrowRight: (row) => (row.expanded === false ? setOpen(row, true) : row.expanded === true ? go(at + 1) : undefined),
    ArrowLeft: (row) => (row.expanded === true ? setOpen(row, false) : row.level === 2 ? go(parentOf(at)) : undefined),
    Enter: (row) => open(row.node.number),
    ' ': () => go(at),
  };
  const { first, end, before, after } = virtualWindow({
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    scrollTop: scroll.value.top,
    height: scroll.value.height,
  });
  // The active row is always in the page: a screen reader follows its id.
  const drawn = rows.slice(first, end);
  const isDrawn = at >= first && at < end;
  return (
    <div
      ref={place}
      class="tree"
      role="tree"
      tabIndex={0}
      aria-label={words.tree}
      aria-activedescendant={current === undefined || !isDrawn ? undefined : idOf(current)}
      onScroll={({ currentTarget }) => {
        scroll.value = { top: currentTarget.scrollTop, height: currentTarget.clientHeight };
      }}
      onFocus={() => {
        if (selected.peek() === undefined) go(at);
      }}
      onKeyDown={(event) => {
        const act = keys[event.key];
        if (act === undefined || current === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        act(current);
      }}
    >
      <div style={{ height: `${before}px` }} />
      {drawn.map((row) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its rows.
        // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and names the active row.
        <div
          key={row.key}
          id={idOf(row)}
          role="treeitem"
          class={row.level === 1 ? 'row' : 'row related'}
          aria-level={row.level}
          aria-setsize={row.siblings}
          aria-posinset={row.position}
          aria-expanded={row.expanded}
          aria-selected={row === current}
          onClick={() => go(rows.indexOf(row))}
          onDblClick={() => open(row.node.number)}
        >
          <Twistie row={row} press={() => setOpen(row, row.expanded !== true)} />
          <Mark shapes={words.marks} mark={row.node.mark} />
          <span class="text">{row.text}</span>
        </div>
      ))}
      <div style={{ height: `${after}px` }} />
    </div>
  );
}

function Twistie({ row, press }: { readonly row: Row; readonly press: () => void }): JSX.Element {
  return (
    <span
      class="twistie"
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation();
        press();
      }}
    >
      {row.expanded === undefined ? '' : row.expanded ? '▾' : '▸'}
    </span>
  );
}

function idOf({ key }: Row): string {
  return `row-${key.replaceAll(' ', '-')}`;
}
