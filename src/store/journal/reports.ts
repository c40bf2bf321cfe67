import type { LogDraft } from '../../core/task/log-entry.ts';
import type { LogPosition, Reports } from '../ports.ts';
import type { Transaction } from './change.ts';

/** A transaction and the entries that report it. */
export interface ReportedChange {
  readonly transaction: Transaction;
  readonly logs: readonly { id: string; entry: LogDraft }[];
}

/** The log entries that report a change. */
export function entriesOf({ transaction, logs }: ReportedChange): Reports['entries'] {
  return logs.map(({ id, entry }) => ({
    id,
    entry: { timestamp: transaction.at, level: 'info', type: 'system', ...entry },
  }));
}

/** The entries of a batch. Removed tasks get none, because their logs go as well. */
export function reportsOf(changes: readonly ReportedChange[], decided: LogPosition): Reports {
  const removed = new Set(changes.flatMap(({ transaction }) => transaction.ops.filter(isRemoval).map(({ id }) => id)));
  return {
    entries: changes.flatMap(entriesOf).filter(({ id }) => !removed.has(id)),
    changed: new Set(changes.flatMap(({ transaction }) => transaction.ops.map(({ id }) => id))),
    free: changes.every(({ transaction }) => isFree(transaction)),
    decided,
  };
}

function isRemoval({ op }: Transaction['ops'][number]): boolean {
  return op === 'delete';
}

/** No other process can change a task before it exists (see `Acceptance`). */
function isFree({ ops, reads = [], graph, claims }: Transaction): boolean {
  return reads.length === 0 && graph !== true && claims !== true && ops.every(({ op }) => op === 'create');
}
