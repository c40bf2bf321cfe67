import { sanitizeLine } from '../text/sanitize.ts';
import type { TaskRecord } from './schema.ts';

/** The person or program of an entry of the history, on one line; undefined if none is recorded or its reason ends with it. */
export function historyActor({ reason, by }: TaskRecord['history'][number]): string | undefined {
  return by === undefined || reason.endsWith(`by ${by}`) ? undefined : sanitizeLine(by);
}
