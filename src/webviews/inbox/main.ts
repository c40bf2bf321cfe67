import { CardElement } from './card.ts';
import { button, el, fill } from './dom.ts';
import type { Card, FromPage, ToPage, Words } from './protocol.ts';

interface Saved {
  /** Reasons that are being written, by the keys of their requests. */
  readonly reasons?: Readonly<Record<string, string>>;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): Saved | undefined;
  setState(state: Saved): void;
};

const AGING_MS = 30_000;

const vscode = acquireVsCodeApi();
const cards = new Map<string, CardElement>();
const selected = new Set<string>();
let reasons: Record<string, string> = { ...vscode.getState()?.reasons };
let words: Words | undefined;
let trusted = false;

const status = el('p', { className: 'status' });
status.setAttribute('role', 'status');
const news = el('p', { className: 'spoken' });
news.setAttribute('role', 'status');
const banner = el('p', { className: 'banner', hidden: true });
const toolbar = el('div', { className: 'toolbar', hidden: true });
const list = el('ul', { className: 'cards' });
list.setAttribute('role', 'list');
// Takes the focus when the last card goes.
const empty = el('p', { className: 'empty', hidden: true, tabIndex: -1 });
const more = el('p', { className: 'more', hidden: true });
document.querySelector('#inbox')?.append(banner, toolbar, status, news, list, empty, more);

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case 'cards':
      return draw(data);
    case 'rule':
      return cards.get(data.key)?.showRule(data);
    case 'context':
      return cards.get(data.key)?.showContext(data.lines);
    case 'said':
      status.textContent = data.words;
      status.classList.toggle('failed', data.failed);
      for (const key of data.keys) cards.get(key)?.setBusy(false);
  }
});

list.addEventListener('keydown', (event) => {
  const card = event.target;
  // Inside of a card the keys belong to what has the focus there.
  if (!(card instanceof HTMLLIElement)) return;
  const to = {
    ArrowDown: card.nextElementSibling,
    ArrowUp: card.previousElementSibling,
    Home: list.firstElementChild,
    End: list.lastElementChild,
  }[event.key];
  if (to instanceof HTMLElement) {
    event.preventDefault();
    to.focus();
  } else if (event.key === ' ') {
    event.preventDefault();
    card.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
  }
});

setInterval(() => {
  for (const card of cards.values()) card.age();
}, AGING_MS);
vscode.postMessage({ type: 'ready' });

function draw(message: Extract<ToPage, { type: 'cards' }>): void {
  words = message.words;
  trusted = message.trusted;
  list.setAttribute('aria-label', words.list);
  drawBanner(words);
  const place = placeOfFocus();
  leave(new Set(message.cards.map(({ key }) => key)));
  const before = cards.size;
  message.cards.forEach((card, index) => {
    const element = cards.get(card.key) ?? enter(card, message.words);
    element.update(card);
    element.trust(trusted);
    if (list.children[index] !== element.root) list.insertBefore(element.root, list.children[index] ?? null);
  });
  empty.textContent = words.empty;
  empty.hidden = cards.size > 0;
  more.textContent = fill(words.more, message.more);
  more.hidden = message.more === 0;
  if (cards.size > before) news.textContent = fill(words.waiting, cards.size + message.more);
  drawToolbar();
  if (place !== undefined && !holdsFocus()) focusAt(place);
}

function holdsFocus(): boolean {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement !== document.body && activeElement.checkVisibility();
}

/**
 * Which card has the focus, counted from the top; the first where it is above them. None while the person is elsewhere
 * in the window: what they type there must not end up on a card.
 */
function placeOfFocus(): number | undefined {
  const held = document.activeElement;
  if (held === null || held === document.body || !document.hasFocus()) return undefined;
  return Math.max(
    0,
    [...list.children].findIndex((child) => child.contains(held)),
  );
}

/** What stands there now has it, so that nobody loses their place: the next card, the last, or that there is none. */
function focusAt(place: number): void {
  const next = list.children[Math.min(place, list.children.length - 1)] ?? empty;
  if (next instanceof HTMLElement) next.focus();
}

function enter(card: Card, words: Words): CardElement {
  const { key } = card;
  const element = new CardElement(card, words, trusted, reasons[key], {
    decide: (decision, given) => vscode.postMessage({ type: 'decide', keys: [key], decision, ...given }),
    ask: (what) => vscode.postMessage({ type: what, key }),
    selected: (on) => {
      if (on) selected.add(key);
      else selected.delete(key);
      drawToolbar();
    },
    draft: (reason) => save(key, reason),
  });
  cards.set(key, element);
  return element;
}

/** Takes out the cards of requests that are decided. */
function leave(staying: ReadonlySet<string>): void {
  for (const [key, { root }] of [...cards]) {
    if (staying.has(key)) continue;
    root.remove();
    cards.delete(key);
    selected.delete(key);
    if (key in reasons) save(key, undefined);
  }
}

function save(key: string, reason: string | undefined): void {
  const { [key]: _before, ...others } = reasons;
  reasons = reason === undefined ? others : { ...others, [key]: reason };
  vscode.setState({ reasons });
}

function drawBanner(words: Words): void {
  banner.hidden = trusted;
  if (trusted || banner.childElementCount > 0) return;
  banner.append(
    `${words.restricted} `,
    button(words.trust, 'link', () => vscode.postMessage({ type: 'trust' })),
  );
}

const all = el('input', { type: 'checkbox' });
const allLabel = el('span');
const bulk = el('div', { className: 'footer' });
let rejecting = false;
all.addEventListener('change', () => {
  for (const [key, { checkbox }] of cards) {
    if (checkbox === undefined) continue;
    checkbox.checked = all.checked;
    if (all.checked) selected.add(key);
    else selected.delete(key);
  }
  drawToolbar();
});
toolbar.append(el('label', {}, all, allLabel), bulk);

/** Decides several at once; there once there are several. */
function drawToolbar(): void {
  if (words === undefined) return;
  const choosable = [...cards.values()].filter(({ checkbox }) => checkbox !== undefined).length;
  toolbar.hidden = choosable < 2;
  list.classList.toggle('single', choosable < 2);
  allLabel.textContent = words.selectAll;
  all.checked = selected.size > 0 && selected.size === choosable;
  all.indeterminate = selected.size > 0 && selected.size < choosable;
  if (selected.size === 0) rejecting = false;
  // What is being written is left alone.
  if (rejecting && bulk.querySelector('textarea') !== null) return;
  const held = bulk.contains(document.activeElement);
  bulk.replaceChildren(...(selected.size === 0 ? [] : rejecting ? bulkRejecting(words) : bulkChoices(words)));
  if (held) (bulk.querySelector<HTMLElement>('textarea, button:not(:disabled)') ?? all).focus();
}

function bulkChoices(words: Words): Node[] {
  const approve = button(fill(words.approveSelected, selected.size), 'primary', () => decideSelected('approve'));
  approve.disabled = !trusted;
  const reject = button(fill(words.rejectSelected, selected.size), 'secondary', () => {
    rejecting = true;
    drawToolbar();
  });
  return [approve, reject];
}

function bulkRejecting(words: Words): Node[] {
  const reason = el('textarea', { rows: 2, placeholder: words.reason, maxLength: 10_000 });
  reason.setAttribute('aria-label', words.reason);
  const back = (): void => {
    rejecting = false;
    bulk.replaceChildren();
    drawToolbar();
  };
  const reject = button(fill(words.rejectSelected, selected.size).replace('…', ''), 'primary', () => {
    decideSelected('reject', reason.value);
    back();
  });
  return [reason, reject, button(words.back, 'secondary', back)];
}

function decideSelected(decision: 'approve' | 'reject', reason?: string): void {
  const keys = [...selected];
  for (const key of keys) cards.get(key)?.setBusy(true);
  vscode.postMessage({ type: 'decide', keys, decision, reason });
}
