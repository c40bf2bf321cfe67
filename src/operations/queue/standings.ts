import type { TaskRecord } from '../../core/task/schema.ts';
import { type Standing, standing } from '../../core/task/standing.ts';
import type { QueueWatch } from '../../runtime/queue/queue-state.ts';
import { readQueue } from '../../runtime/queue/queue-state.ts';
import { MAX_PARALLEL } from '../../runtime/settings/defaults.ts';
import type { WithSettings, WithStore } from '../context.ts';
import { type WorldSource, worldNow } from './world-now.ts';

/** The standing of any task in its current state. */
export async function standings(context: WorldSource): Promise<(task: TaskRecord) => Standing> {
  const { playing } = await readQueue(context.store.coordination);
  const world = worldNow(context, playing, await slotsOf(context));
  return (task) => standing(task, world);
}

/** The situation of a task at the time of each call, for a host that watches its folder. */
export function liveStandings(
  host: WorldSource & { readonly queue: QueueWatch | undefined },
): (task: TaskRecord) => Standing {
  return (task) => standing(task, worldNow(host, host.queue?.current.playing === true));
}

/**
 * Maximum number of running tasks: the largest of the living workers, and in a shared store all of them together;
 * without a worker that of the settings.
 */
export async function slotsOf({ store, settings }: WithStore & Pick<WithSettings, 'settings'>): Promise<number> {
  // The editor counts slots only when a person asks.
  const { knownWorkers } = await import('../../runtime/liveness/presence.ts');
  const own = settings.worker.maxParallel ?? MAX_PARALLEL;
  const each = (await knownWorkers(store.coordination)).map((worker) => worker.max_parallel ?? own);
  if (each.length === 0) return own;
  return store.coordination.isShared ? each.reduce((sum, slots) => sum + slots, 0) : Math.max(...each);
}
