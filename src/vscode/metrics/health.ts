import type { OutputOf } from '../../operations/all.ts';
import type { Health } from '../../webviews/metrics/protocol.ts';
import { l10n } from '../present/l10n.ts';

/** The state of the queue, with the reason why no task runs in words. */
export function healthOf(status: OutputOf<'queue.status'>): Omit<Health, 'workers'> {
  const idle = {
    empty: l10n.t('No task is queued.'),
    paused: l10n.t('No task is queued.'),
    waiting: l10n.t('Every queued task is waiting.'),
    unconfirmed: l10n.t('Queued tasks from outside need your confirmation.'),
    no_worker: l10n.t('Ready tasks have no worker yet.'),
  };
  const { playing, at_work, max_parallel, ready, waiting_total, today } = status;
  return {
    playing,
    at_work,
    max_parallel,
    ready,
    waiting: waiting_total,
    idle: status.idle === null ? '' : idle[status.idle],
    limits: (today?.limits ?? []).map(({ text, spent, limit }) => ({
      text,
      share: spent === null ? null : spent / limit,
    })),
  };
}
