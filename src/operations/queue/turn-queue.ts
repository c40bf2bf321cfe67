import { writeQueue } from '../../runtime/queue/queue-state.ts';
import type { WithActor, WithRuns } from '../context.ts';
import { ensureForReady } from './ensure-worker.ts';
import { describeQueue, type QueueOutput } from './status.ts';

/** Plays or pauses the queue, for all users of the folder. */
export async function turnQueue(context: WithRuns & WithActor, playing: boolean): Promise<QueueOutput> {
  const { store, actor } = context;
  if (playing) await context.requireConfirmedTasks();
  await store.refresh();
  store.requireWritable();
  await writeQueue(store.coordination, { playing, since: new Date().toISOString(), by: actor });
  await ensureForReady(context);
  return describeQueue(context);
}
