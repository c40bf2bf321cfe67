import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { fill } from '../kit/format.ts';
import { virtualWindow } from '../kit/virtual-window.ts';
import { shownLines } from './log-lines.ts';
import type { LogFilter, TaskWords } from './protocol.ts';
import { Section } from './section.tsx';
import { loadLog, loadWholeLog, log, logFilter, logStart, setLogFilter } from './state.ts';

/** Pixels of a row and of the list; `media/pages/task.css` has the same numbers. */
const ROW = 18;
const HEIGHT = 320;

/** The live log. Draws only the visible lines, so that its length does not matter. */
export function LogView({ words }: { readonly words: TaskWords }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [follow, setFollow] = useState(true);
  const filter = logFilter.value;
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const lines = log.value;
  const rows = useMemo(() => shownLines(lines, filter, unfolded), [lines, filter, unfolded]);
  const { first, end, before, after } = virtualWindow({
    count: rows.length,
    rowHeight: ROW,
    scrollTop,
    height: HEIGHT,
  });
  useLayoutEffect(() => {
    if (follow && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [follow, rows]);
  const isPart = logStart.value > 0;
  // A search means the whole log, not the loaded end of it.
  useEffect(() => {
    if (filter.search !== '' && isPart) void loadWholeLog();
  }, [filter.search !== '', isPart]);
  const earlier = (): void => {
    setFollow(false);
    // Positions of unfolded lines count from the first loaded line.
    setUnfolded(new Set());
    void loadLog(logStart.peek());
  };
  const toggle = (index: number): void => {
    const next = new Set(unfolded);
    if (!next.delete(index)) next.add(index);
    setFollow(false);
    setUnfolded(next);
  };
  return (
    <Section title={words.log}>
      <div class="footer">
        <input
          type="search"
          placeholder={words.search}
          aria-label={words.search}
          value={filter.search}
          onInput={(event) => setLogFilter({ search: event.currentTarget.value })}
        />
        <Choice
          label={words.level}
          options={words.levels}
          value={filter.level}
          pick={(level) => setLogFilter({ level: level as LogFilter['level'] })}
        />
        <Choice label={words.type} options={words.types} value={filter.type} pick={(type) => setLogFilter({ type })} />
        <Check label={words.fold} on={filter.fold} set={(fold) => setLogFilter({ fold })} />
        <Check label={words.follow} on={follow} set={setFollow} />
        {logStart.value === 0 ? undefined : (
          <Button look="link" press={earlier}>
            {words.earlier}
          </Button>
        )}
        {rows.length === lines.length ? undefined : (
          <span class="muted count" role="status">
            {fill(words.lines, rows.length, lines.length)}
          </span>
        )}
      </div>
      {lines.length === 0 ? <p class="muted">{words.logEmpty}</p> : undefined}
      <div
        ref={list}
        class="log-list"
        role="log"
        aria-live="off"
        aria-label={words.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a person scrolls it by keyboard.
        tabIndex={0}
        hidden={lines.length === 0}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <div style={{ height: `${before}px` }} />
        {rows.slice(first, end).map(({ line, index, folded }) => (
          <div key={index} class={`line ${line.level}`} title={line.text}>
            {folded > 0 || unfolded.has(index) ? (
              <button type="button" class="fold" aria-expanded={folded === 0} onClick={() => toggle(index)}>
                {folded > 0 ? `+${folded}` : '−'}
              </button>
            ) : undefined}
            {line.text}
          </div>
        ))}
        <div style={{ height: `${after}px` }} />
      </div>
    </Section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly (readonly [string, string])[];
  readonly value: string;
  readonly pick: (value: string) => void;
}

function Choice({ label, options, value: picked, pick }: ChoiceProps): JSX.Element {
  return (
    <select aria-label={label} value={picked} onChange={(event) => pick(event.currentTarget.value)}>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

interface CheckProps {
  readonly label: string;
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}

function Check({ label, on, set }: CheckProps): JSX.Element {
  return (
    <label>
      <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
