import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Health } from '../../webviews/metrics/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { durationText } from '../present/time.ts';

/** Workers announce themselves more often than this; a pause within it means nothing. */
const USUAL_MS = 30_000;

type Worker = OutputOf<'status'>['workers'][number];

/** The workers of a shared store as rows of a table. Their names come from other machines. */
export function workerRows(workers: readonly Worker[]): Health['workers'] {
  return workers.map(({ id, host, pid, agents, max_parallel: most, seen_ago_ms: seen, tasks }) => ({
    id,
    name: `${sanitizeLine(host)}:${pid}`,
    agents: agents === null ? l10n.t('unknown') : sanitizeLine(agents.join(', ')),
    load: most === null ? `${tasks.length}` : `${tasks.length} / ${most}`,
    seen: seenText(seen),
    silent: seen !== null && seen >= USUAL_MS,
  }));
}

function seenText(seen: number | null): string {
  if (seen === null) return l10n.t('unknown');
  return seen < USUAL_MS ? l10n.t('just now') : l10n.t('silent for {0}', durationText(seen));
}
