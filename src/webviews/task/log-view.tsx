import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { virtualWindow } from '../kit/virtual-window.ts';
import type { TaskWords } from './protocol.ts';
import { Section } from './section.tsx';
import { loadLog, log, logStart } from './state.ts';

/** Pixels of a row and of the list; `media/pages/task.css` has the same numbers. */
const ROW = 18;
const HEIGHT = 320;

/** The log as it grows. Only the lines in sight are drawn, so that its length does not matter. */
export function LogView({ words }: { readonly words: TaskWords }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [follow, setFollow] = useState(true);
  const lines = log.value;
  const { first, end, before, after } = virtualWindow({
    count: lines.length,
    rowHeight: ROW,
    scrollTop,
    height: HEIGHT,
  });
  useLayoutEffect(() => {
    if (follow && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [follow, lines]);
  return (
    <Section title={words.log}>
      <div class="footer">
        {logStart.value === 0 ? undefined : (
          <Button
            look="link"
            press={() => {
              setFollow(false);
              void loadLog(logStart.peek());
            }}
          >
            {words.earlier}
          </Button>
        )}
        <label>
          <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />
          {words.follow}
        </label>
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
        {lines.slice(first, end).map((line, index) => (
          <div key={first + index} class={`line ${line.level}`} title={line.text}>
            {line.text}
          </div>
        ))}
        <div style={{ height: `${after}px` }} />
      </div>
    </Section>
  );
}
