import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { hasVisibleFocus } from '../kit/focus.ts';
import { fill } from '../kit/format.ts';
import { LiveRegion } from '../kit/live-region.tsx';
import { CardItem } from './card-item.tsx';
import type { Words } from './protocol.ts';
import { cards, channel, choosable, more, news, outcome, report, select, selected, trusted } from './state.ts';
import { Toolbar } from './toolbar.tsx';

/** All pending requests, to read and decide. */
export function ApprovalsPage({ words }: { readonly words: Words }): JSX.Element {
  const { text, failed } = outcome.value;
  return (
    <>
      {trusted.value ? undefined : (
        <p class="banner">
          {words.restricted}{' '}
          <Button look="link" press={() => void channel.request('trust', {}).catch(report)}>
            {words.trust}
          </Button>
        </p>
      )}
      <Toolbar words={words} />
      <p class={failed ? 'status failed' : 'status'} role="status">
        {text}
      </p>
      <LiveRegion text={news.value} />
      <CardList words={words} />
      {more.value === 0 ? undefined : <p class="more">{fill(words.more, more.value)}</p>}
    </>
  );
}

function CardList({ words }: { readonly words: Words }): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const empty = useRef<HTMLParagraphElement>(null);
  // While rendering, the page still shows the previous cards.
  const place = placeOfFocus(list.current);
  useLayoutEffect(() => {
    // Without the check, a request that is decided elsewhere would take the focus from a box of the editor and close it.
    if (place === undefined || !document.hasFocus() || hasVisibleFocus()) return;
    const children = [...(list.current?.children ?? [])];
    const next = children[Math.min(place, children.length - 1)] ?? empty.current;
    if (next instanceof HTMLElement) next.focus();
  });
  const single = choosable.value.length < 2;
  return (
    <>
      <ul
        ref={list}
        class={single ? 'cards single' : 'cards'}
        // biome-ignore lint/a11y/noRedundantRoles: without list markers some screen readers drop the role.
        role="list"
        aria-label={words.list}
        onKeyDown={moveFocus}
      >
        {cards.value.map((card) => (
          <CardItem key={card.key} card={card} words={words} />
        ))}
      </ul>
      {/* Receives the focus after the last card is removed. */}
      <p ref={empty} class="empty" hidden={cards.value.length > 0} tabIndex={-1}>
        {words.empty}
      </p>
    </>
  );
}

/**
 * Which card has the focus, counted from the top; the first if the focus is above the list. Undefined while the person
 * works elsewhere in the window: their keys must not reach a card.
 */
function placeOfFocus(list: HTMLUListElement | null): number | undefined {
  const held = document.activeElement;
  if (list === null || held === null || held === document.body || !document.hasFocus()) return undefined;
  const at = [...list.children].findIndex((child) => child.contains(held));
  return Math.max(0, at);
}

/** Arrow keys, Home and End move between cards; Space selects. Inside a card the keys belong to the focused element. */
function moveFocus(event: TargetedKeyboardEvent<HTMLUListElement>): void {
  const card = event.target;
  if (!(card instanceof HTMLLIElement)) return;
  const targets: Readonly<Record<string, Element | null>> = {
    ArrowDown: card.nextElementSibling,
    ArrowUp: card.previousElementSibling,
    Home: event.currentTarget.firstElementChild,
    End: event.currentTarget.lastElementChild,
  };
  const to = targets[event.key];
  if (to instanceof HTMLElement) {
    event.preventDefault();
    to.focus();
  } else if (event.key === ' ') {
    event.preventDefault();
    const { key } = card.dataset;
    if (key !== undefined && choosable.peek().some((each) => each.key === key)) {
      select([key], !selected.peek().has(key));
    }
  }
}
