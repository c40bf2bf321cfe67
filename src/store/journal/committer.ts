import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { newPartId } from '../../core/task/id.ts';
import type { Appended, LogPosition, Reports } from '../ports.ts';
import { notSafe, notWritable } from '../storage-errors.ts';
import type { Transaction } from './change.ts';
import type { StoreMutation } from './draft.ts';
import { DraftBuilder } from './draft-builder.ts';
import { MAX_LINE } from './line-splitter.ts';
import { OverlayView } from './overlay.ts';
import { entriesOf, type ReportedChange, reportsOf } from './reports.ts';
import type { StoreView } from './view.ts';
import { watchedView } from './watched-view.ts';

const MAX_ATTEMPTS = 500;
const MAX_DELAY_MS = 25;

interface Waiting {
  readonly name: string;
  readonly mutation: StoreMutation<unknown>;
  /** Name of the person, worker or program that changes tasks. */
  readonly by: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
}

interface Attempt extends ReportedChange {
  readonly waiting: Waiting;
  readonly value: unknown;
  /** The serialized transaction without the closing brace. */
  readonly text: string;
}

export interface CommitLog {
  /** The view for deciding mutations, and its position in the journal. */
  view(): StoreView;
  position(): { readonly gen: number; readonly after: number; readonly next: number };
  /** Applies changes of other processes. */
  prepare(): Promise<void>;
  /** Whether there is a journal; `begin` makes one. */
  isBegun(): boolean;
  begin(): Promise<void>;
  /** True if an append also applies the changes of other processes, so that none is asked for before it. */
  catchesUp(): boolean;
  /** Appends the lines of changes; calls `verdict` for each line before it resolves. */
  append(lines: readonly string[], reports: Reports): Promise<Appended>;
  /** @param at where the change log has the transaction; @param reported whether its entries are in the logs */
  committed(transaction: Transaction, entries: Reports['entries'], at: LogPosition, reported: boolean): void;
  now(): string;
}

/**
 * Combines mutations into batches of the journal: all calls during a write go into the next batch and share its sync. A
 * transaction that another process overtook is decided again on the new state.
 */
export class Committer {
  private readonly log: CommitLog;
  private readonly by: string;
  private queue: Waiting[] = [];
  private running: Promise<void> | undefined;
  /** The position of each accepted transaction of the batch in the change log. */
  private verdicts = new Map<string, LogPosition | undefined>();

  constructor(log: CommitLog, by: string) {
    this.log = log;
    this.by = by;
  }

  /** @param by the person, worker or program for the records; by default this process */
  mutate<T>(name: string, mutation: StoreMutation<T>, by = `a program (${this.by})`): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ name, mutation, by, resolve: resolve as (value: unknown) => void, reject, attempts: 0 });
      this.running ??= this.drain();
    });
  }

  /** The journal's word on a line, of this process or another. */
  verdict(tx: string, accepted: boolean, at: LogPosition): void {
    if (this.verdicts.has(tx)) this.verdicts.set(tx, accepted ? at : undefined);
  }

  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async drain(): Promise<void> {
    // One turn of the event loop lets concurrent callers share the first batch.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      try {
        await this.commit(batch);
      } catch (error) {
        for (const waiting of batch) waiting.reject(notWritable(error));
      }
    }
    // In the same step as the check of the queue: a later caller starts a new drain.
    this.running = undefined;
  }

  private async commit(batch: readonly Waiting[]): Promise<void> {
    let attempts = this.log.catchesUp() && this.log.isBegun() ? this.decide(batch, true) : undefined;
    if (attempts === undefined) {
      await this.log.prepare();
      attempts = this.decide(batch) ?? [];
    }
    if (attempts.length > 0 && !this.log.isBegun()) {
      // Created only now, because a mutation without changes creates nothing. Another process may have created it and
      // continued, so the mutation is decided again.
      await this.log.begin();
      attempts = this.decide(attempts.map(({ waiting }) => waiting)) ?? [];
    }
    if (attempts.length === 0) return;
    const { gen, after, next } = this.log.position();
    const id = newPartId('batch');
    const lines = attempts.map(
      ({ text }, index) => `${text},"gen":${gen},"after":${after},"next":${next},"batch":"${id}","index":${index}}`,
    );
    this.verdicts = new Map(attempts.map(({ transaction }) => [transaction.tx, undefined]));
    let appended: Appended;
    try {
      appended = await this.log.append(lines, reportsOf(attempts, { gen, after }));
    } catch (failure) {
      appended = { durable: false, failure, gone: false };
    }
    const again: Waiting[] = [];
    for (const attempt of attempts) this.settle(attempt, appended, again);
    if (again.length > 0) await this.retry(again);
  }

  /**
   * @param early the changes of other processes may be missing. It is enough for mutations whose verdict covers everything
   * that they read, such as creations. Others, and errors, need the latest state
   * @returns undefined if the batch has to be decided on the latest state; no caller has an answer then
   */
  private decide(batch: readonly Waiting[], early = false): Attempt[] | undefined {
    const attempts: Attempt[] = [];
    const overlay = new OverlayView(this.log.view());
    for (const waiting of batch) {
      try {
        const watched = early ? watchedView(overlay) : undefined;
        const draft = new DraftBuilder(watched?.view ?? overlay, this.log.now(), waiting.by);
        const value = waiting.mutation(draft);
        draft.followParts();
        const transaction = draft.build(waiting.name, this.by);
        if (watched !== undefined && (transaction === undefined || !watched.covers(transaction))) return undefined;
        if (transaction === undefined) {
          waiting.resolve(value);
        } else {
          const text = written(transaction);
          overlay.absorb(draft);
          attempts.push({ waiting, value, transaction, text, logs: draft.logs });
        }
      } catch (error) {
        if (early) return undefined;
        waiting.reject(error);
      }
    }
    return attempts;
  }

  private settle(attempt: Attempt, appended: Appended, again: Waiting[]): void {
    const { waiting, transaction } = attempt;
    const at = this.verdicts.get(transaction.tx);
    if (!appended.gone && at !== undefined) {
      this.log.committed(transaction, entriesOf(attempt), at, appended.reported === true);
      if (appended.durable) waiting.resolve(attempt.value);
      // It counts, but it may not survive a power cut, so the caller gets an error.
      else waiting.reject(notSafe(appended.failure));
      return;
    }
    if (appended.failure !== undefined) {
      waiting.reject(notWritable(appended.failure));
      return;
    }
    waiting.attempts += 1;
    if (waiting.attempts < MAX_ATTEMPTS) again.push(waiting);
    else
      waiting.reject(
        new TaskError('RevisionConflict', 'Others kept changing the same task.', { next: [textStep('Try again.')] }),
      );
  }

  /** Overtaken mutations go first in the next batch, after a short random wait that grows with their bad luck. */
  private async retry(again: Waiting[]): Promise<void> {
    const most = Math.max(...again.map((waiting) => waiting.attempts));
    if (most > 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(MAX_DELAY_MS, most)));
    this.queue.unshift(...again);
  }
}

function written(transaction: Transaction): string {
  const text = JSON.stringify(transaction);
  // Every character is three bytes at most.
  if (text.length * 3 < MAX_LINE) return text.slice(0, -1);
  throw new TaskError('TooLarge', 'The change is too large to be kept as a whole.', {
    next: [textStep('Make it in parts.')],
  });
}
