import { computed, signal } from '@preact/signals';
import * as z from 'zod/mini';
import { connect } from '../kit/connect.ts';
import { type Drafts, draftsSchema, type FormValues } from '../kit/form-schema.ts';
import { fill } from '../kit/format.ts';
import { approvalsProtocol, type Card, type Decision, type Words } from './protocol.ts';

/** Reasons and answers that a person is writing, by the key of their request. They survive a hidden view. */
const savedSchema = z.object({ reasons: z.record(z.string(), z.string()), answers: z.optional(draftsSchema) });

const connection = connect(approvalsProtocol, savedSchema);
export const { channel } = connection;

export const words = signal<Words | undefined>(undefined);
export const trusted = signal(false);
export const cards = signal<readonly Card[]>([]);
/** Pending requests without a card. */
export const more = signal(0);
export const selected = signal<ReadonlySet<string>>(new Set());
/** Requests with a pending decision. */
export const deciding = signal<ReadonlySet<string>>(new Set());
export const reasons = signal<Readonly<Record<string, string>>>(connection.saved?.reasons ?? {});
export const answers = signal<Drafts>(connection.saved?.answers ?? {});
/** The outcome of the last action. */
export const outcome = signal({ text: '', failed: false });
/** Counts the pending requests for a screen reader; changes only if a request is added. */
export const news = signal('');
/** Advances while the page is open, so that ages are drawn again. */
export const clock = signal(Date.now());

/** The cards that can be decided together. A question needs an individual answer. */
export const choosable = computed(() => cards.value.filter(({ kind }) => kind !== 'feedback'));

channel.on('cards', (data) => {
  forgetAllBut(new Set(data.cards.map(({ key }) => key)), data.complete);
  const added = data.cards.length > cards.peek().length;
  cards.value = data.cards;
  more.value = data.more;
  trusted.value = data.trusted;
  if (added && words.peek() !== undefined) {
    news.value = fill(words.peek()?.waiting ?? '', data.cards.length + data.more);
  }
});

export function setReason(key: string, reason: string | undefined): void {
  reasons.value = withEntry(reasons.peek(), key, reason);
  save();
}

export function setAnswer(key: string, values: FormValues | undefined): void {
  answers.value = withEntry(answers.peek(), key, values);
  save();
}

function withEntry<T>(all: Readonly<Record<string, T>>, key: string, value: T | undefined): Record<string, T> {
  const { [key]: _before, ...others } = all;
  return value === undefined ? others : { ...others, [key]: value };
}

function save(): void {
  connection.save({ reasons: { ...reasons.peek() }, answers: answers.peek() });
}

export function select(keys: readonly string[], on: boolean): void {
  selected.value = withKeys(selected.peek(), keys, on);
}

function markDeciding(keys: readonly string[], on: boolean): void {
  deciding.value = withKeys(deciding.peek(), keys, on);
}

function withKeys(set: ReadonlySet<string>, keys: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  for (const key of keys) {
    if (on) next.add(key);
    else next.delete(key);
  }
  return next;
}

/** Removes the page state of requests that are no longer pending; written texts only if no request can be missing. */
function forgetAllBut(staying: ReadonlySet<string>, complete: boolean): void {
  const gone = (keys: Iterable<string>): string[] => [...keys].filter((key) => !staying.has(key));
  const unselected = gone(selected.peek());
  if (unselected.length > 0) select(unselected, false);
  if (gone(deciding.peek()).length > 0) markDeciding(gone(deciding.peek()), false);
  if (!complete) return;
  for (const key of gone(Object.keys(reasons.peek()))) setReason(key, undefined);
  for (const key of gone(Object.keys(answers.peek()))) setAnswer(key, undefined);
}

/** Decides requests. Their cards stay until the host reports the next list; failed ones can be used again. */
export async function decide(
  keys: readonly string[],
  decision: Decision,
  given: { readonly reason?: string; readonly shown?: string | undefined } = {},
): Promise<void> {
  const open = keys.filter((key) => !deciding.peek().has(key));
  if (open.length === 0) return;
  markDeciding(open, true);
  try {
    const reply = await channel.request('decide', { keys: open, decision, ...given });
    markDeciding(reply.failed, false);
    outcome.value = { text: reply.words, failed: reply.failed.length > 0 };
  } catch (error) {
    markDeciding(open, false);
    report(error);
  }
}

/** Sends the answer to a question. Rejects with the fault of the answer. */
export async function answer(key: string): Promise<void> {
  const reply = await channel.request('answer', { key, values: answers.peek()[key] ?? {} });
  setAnswer(key, undefined);
  outcome.value = { text: reply.words, failed: false };
}

/** Shows why an action failed. */
export function report(error: unknown): void {
  outcome.value = { text: error instanceof Error ? error.message : String(error), failed: true };
}
