import type { Logger } from '../../core/logger.ts';
import type { TaskStore } from '../../store/task-store.ts';

interface QuietMarkOptions {
  readonly store: TaskStore;
  readonly logger: Logger;
  readonly worker: string;
  readonly taskId: string;
}

/** Stores since when the agent of a task is quiet, so that every process can show it. Writes one change at a time. */
export function quietMark({
  store,
  logger,
  worker,
  taskId,
}: QuietMarkOptions): (quietMs: number | undefined) => Promise<unknown> {
  let writing: Promise<unknown> = Promise.resolve();
  const write = (since: string | undefined): Promise<unknown> =>
    store.transact('run.quiet', (draft) => {
      const task = draft.byId(taskId);
      // Another run may have begun, or the turn has ended.
      if (task?.lease?.worker !== worker || task.status !== 'in_progress' || task.quiet_since === since) return;
      draft.patch(taskId, { quiet_since: since });
    });
  return (quietMs) => {
    const since = quietMs === undefined ? undefined : new Date(Date.now() - quietMs).toISOString();
    writing = writing
      .then(() => write(since))
      .catch((error) => logger.warn('The silence of an agent could not be stored.', error));
    return writing;
  };
}
