import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { TaskStore } from '../../store/task-store.ts';

const DAY_MS = 86_400_000;

/** Archives tasks that ended long ago, if configured. Never fails; the next run retries. */
export async function archiveOld(
  store: TaskStore,
  afterDays: number | undefined,
  logger: Logger,
  now = Date.now(),
): Promise<void> {
  if (afterDays === undefined || store.readOnly !== undefined) return;
  try {
    const archived = await store.archive.addEndedBy(new Date(now - afterDays * DAY_MS).toISOString());
    if (archived.length > 0)
      logger.info(`${archived.length} tasks that ended over ${afterDays} days ago were archived.`);
  } catch (error) {
    if (!TaskError.is(error, 'StoreClosed')) logger.warn('Old tasks could not be archived.', error);
  }
}
