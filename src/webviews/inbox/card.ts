import { ago, button, el, fill } from './dom.ts';
import type { Card, CardDiff, Decision, Words } from './protocol.ts';

/** What a card asks of the inbox that it is in. */
export interface CardActions {
  decide(decision: Decision, given?: Given): void;
  ask(what: 'rule' | 'context' | 'open' | 'answer'): void;
  selected(on: boolean): void;
  /** A reason that is being written survives the view being hidden. */
  draft(reason: string | undefined): void;
}

interface Given {
  readonly reason?: string | undefined;
  /** Names the rule that was read. */
  readonly shown?: string | undefined;
}

/** What would be written, or why nothing can be. */
interface ShownRule {
  readonly text?: string | undefined;
  readonly shown?: string | undefined;
  readonly reason?: string | undefined;
}

type Mode = 'choose' | 'reject' | 'remember';

/** One request on the page. It is made once and lives until the request is decided, so focus and words stay where they are. */
export class CardElement {
  readonly root: HTMLLIElement;
  readonly checkbox: HTMLInputElement | undefined;
  private card: Card;
  private readonly words: Words;
  private readonly actions: CardActions;
  private readonly time: HTMLTimeElement;
  private readonly task = el('span', { className: 'task' });
  private readonly about = el('div', { className: 'about' });
  private readonly footer = el('div', { className: 'footer' });
  private readonly lines = el('pre', { className: 'log', tabIndex: 0 });
  private trusted: boolean;
  private busy = false;
  private mode: Mode = 'choose';

  constructor(card: Card, words: Words, trusted: boolean, draft: string | undefined, actions: CardActions) {
    this.card = card;
    this.words = words;
    this.actions = actions;
    this.trusted = trusted;
    this.time = el('time', { dateTime: card.requestedAt });
    this.checkbox = card.kind === 'feedback' ? undefined : this.makeCheckbox();
    const title = el('h3', { id: `title-${ids}` }, card.title);
    this.task.id = `task-${ids}`;
    this.about.id = `about-${ids}`;
    ids += 1;
    this.root = el(
      'li',
      { className: 'card', tabIndex: 0 },
      el('div', { className: 'head' }, this.checkbox, this.task, this.time),
      this.about,
      title,
      card.text === undefined || card.text === card.title
        ? undefined
        : group(el('pre', { className: 'text', tabIndex: 0 }, card.text), title),
      note(words.moreText, card.moreText),
      ...card.diffs.map((diff) => diffElement(diff, words)),
      card.files.length === 0
        ? undefined
        : el('ul', { className: 'files' }, ...card.files.map((file) => el('li', {}, file))),
      note(words.moreFiles, card.moreFiles),
      this.makeContext(),
      this.footer,
    );
    this.root.setAttribute('aria-labelledby', `${this.task.id} ${title.id}`);
    this.root.setAttribute('aria-describedby', this.about.id);
    // The buttons of all cards have the same names: with the group it is told what they decide.
    group(this.footer, this.task, title);
    group(this.lines, this.words.context);
    this.root.addEventListener('keydown', (event) => this.key(event));
    this.update(card);
    this.show(draft === undefined ? 'choose' : 'reject', draft);
  }

  age(): void {
    this.time.textContent = ago(this.card.requestedAt);
  }

  /** Another title of the task, another folder in the window: who asks. What is asked stays as long as the card. */
  update(card: Card): void {
    this.card = card;
    this.task.textContent = card.task;
    this.about.textContent = card.about;
    this.age();
  }

  trust(trusted: boolean): void {
    if (trusted === this.trusted) return;
    this.trusted = trusted;
    if (this.mode === 'choose') this.show('choose');
  }

  setBusy(busy: boolean): void {
    this.busy = busy;
    this.root.classList.toggle('busy', busy);
    this.root.setAttribute('aria-busy', String(busy));
    // Not disabled, which would take the focus away before the next card can have it.
    // It failed: what would be written is to be read again.
    if (!busy && this.mode === 'remember') this.show('choose');
    for (const each of this.footer.querySelectorAll('button')) each.setAttribute('aria-disabled', String(busy));
  }

  showContext(lines: readonly string[]): void {
    this.lines.textContent = lines.length === 0 ? this.words.noContext : lines.join('\n');
  }

  showRule(rule: ShownRule): void {
    if (this.mode === 'remember') this.show('remember', undefined, rule);
  }

  /** To where a person goes on: the first thing that can be pressed. */
  focus(): void {
    this.root.focus();
  }

  /** On the card itself; inside of it the keys belong to what has the focus there. A held key decides once. */
  private key(event: KeyboardEvent): void {
    if (event.target !== this.root || event.repeat || event.altKey || event.shiftKey) return;
    const modified = event.ctrlKey || event.metaKey;
    const pressed = modified ? (event.key === 'Enter' ? 'approve' : undefined) : { r: 'reject', o: 'open' }[event.key];
    const target = this.footer.querySelector<HTMLButtonElement>(`button[data-key="${pressed}"]:enabled`);
    if (target === null) return;
    event.preventDefault();
    target.click();
    if (pressed === 'reject') this.footer.querySelector('textarea')?.focus();
  }

  private decide(decision: Decision, given?: Given): void {
    if (this.busy) return;
    this.setBusy(true);
    this.actions.decide(decision, given);
  }

  private show(mode: Mode, draft?: string, rule?: ShownRule): void {
    const held = this.footer.contains(document.activeElement);
    this.mode = mode;
    if (mode === 'choose') this.footer.replaceChildren(...this.choices());
    else if (mode === 'reject') this.footer.replaceChildren(...this.rejecting(draft ?? ''));
    else this.footer.replaceChildren(...this.remembering(rule));
    if (held) this.footer.querySelector<HTMLElement>('textarea, button:not(:disabled)')?.focus();
  }

  private choices(): Node[] {
    const { words, card } = this;
    const reject = button(words.reject, 'secondary', () => {
      this.show('reject');
      this.actions.draft('');
    });
    keyed(reject, 'reject', 'R', words.rejectKeys);
    const open = button(words.open, 'link', () => this.actions.ask('open'));
    keyed(open, 'open', 'O', words.openKeys);
    if (card.kind === 'feedback') {
      return [this.trusting(button(words.answer, 'primary', () => this.actions.ask('answer'))), reject, open];
    }
    const approve = button(words.approve, 'primary', () => this.decide('approve'));
    keyed(approve, 'approve', 'Control+Enter Meta+Enter', words.approveKeys);
    this.trusting(approve);
    if (card.kind !== 'tool') return [approve, reject, open];
    const forTask = this.trusting(button(words.approveForTask, 'secondary', () => this.decide('approveForTask')));
    const remember = this.trusting(
      button(words.remember, 'secondary', () => {
        this.show('remember');
        this.actions.ask('rule');
      }),
    );
    return [approve, reject, forTask, remember, open];
  }

  private rejecting(draft: string): Node[] {
    const { words } = this;
    const reason = el('textarea', { rows: 2, value: draft, placeholder: words.reason, maxLength: 10_000 });
    reason.setAttribute('aria-label', words.reason);
    const send = (): void => {
      this.actions.draft(undefined);
      this.decide('reject', { reason: reason.value });
    };
    reason.addEventListener('input', () => this.actions.draft(reason.value));
    reason.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
      if (event.key === 'Escape') back();
    });
    const back = (): void => {
      this.actions.draft(undefined);
      this.show('choose');
    };
    return [reason, button(words.reject.replace('…', ''), 'primary', send), button(words.back, 'secondary', back)];
  }

  /** The rule is read before it is written. */
  private remembering(rule: ShownRule | undefined): Node[] {
    const { words } = this;
    const back = button(words.back, 'secondary', () => this.show('choose'));
    if (rule === undefined) return [el('p', { className: 'rule' }, '…'), back];
    const said = el('p', { className: 'rule', role: 'status' }, rule.text ?? rule.reason ?? '');
    if (rule.text === undefined) return [said, back];
    const { shown } = rule;
    return [said, this.trusting(button(words.writeRule, 'primary', () => this.decide('remember', { shown }))), back];
  }

  private trusting(element: HTMLButtonElement): HTMLButtonElement {
    element.disabled = !this.trusted;
    if (!this.trusted) element.title = this.words.restricted;
    return element;
  }

  private makeCheckbox(): HTMLInputElement {
    const checkbox = el('input', { type: 'checkbox' });
    checkbox.setAttribute('aria-label', fill(this.words.select, `${this.card.task}: ${this.card.title}`));
    checkbox.addEventListener('change', () => this.actions.selected(checkbox.checked));
    return checkbox;
  }

  private makeContext(): HTMLDetailsElement {
    const details = el('details', {}, el('summary', {}, this.words.context), this.lines);
    details.addEventListener('toggle', () => {
      if (details.open) this.actions.ask('context');
    });
    return details;
  }
}

let ids = 0;

/** Gives what is in it a name for those who do not see where it stands: words, or the elements that have them. */
function group<E extends HTMLElement>(element: E, ...names: (string | HTMLElement)[]): E {
  element.setAttribute('role', 'group');
  const [first] = names;
  if (typeof first === 'string') element.setAttribute('aria-label', first);
  else {
    const ids = names.flatMap((name) => (typeof name === 'string' ? [] : [name.id]));
    element.setAttribute('aria-labelledby', ids.join(' '));
  }
  return element;
}

/** Says that there is more than what is shown: nobody is to approve what they take for the whole. */
function note(words: string, count: number): HTMLElement | undefined {
  return count === 0 ? undefined : el('p', { className: 'cut' }, fill(words, count));
}

function keyed(element: HTMLButtonElement, name: string, keys: string, title: string): void {
  element.dataset.key = name;
  element.title = title;
  element.setAttribute('aria-keyshortcuts', keys);
}

function diffElement({ path, lines, more, long }: CardDiff, words: Words): HTMLElement {
  const rows = lines.map(({ kind, text }) => {
    const sign = kind === 'added' ? '+' : kind === 'removed' ? '−' : ' ';
    const mark = el('span', { className: 'sign' }, sign);
    mark.setAttribute('aria-hidden', 'true');
    const spoken = kind === 'added' ? words.added : kind === 'removed' ? words.removed : undefined;
    return el(
      'div',
      { className: kind },
      mark,
      spoken === undefined ? undefined : el('span', { className: 'spoken' }, `${spoken} `),
      text === '' ? ' ' : text,
    );
  });
  return el(
    'figure',
    {},
    el('figcaption', {}, path),
    group(el('pre', { className: 'diff', tabIndex: 0 }, ...rows), path),
    note(words.moreLines, more),
    note(words.longLines, long),
  );
}
