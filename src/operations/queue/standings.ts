import type { TaskRecord } from '../../core/task/schema.ts';
import { type Standing, standing, type World } from '../../core/task/standing.ts';
import type { QueueWatch } from '../../runtime/queue/queue-state.ts';
import { readQueue } from '../../runtime/queue/queue-state.ts';
import { worldOf } from '../../runtime/schedule/world.ts';
import type { WithAgents, WithSettings, WithStore } from '../context.ts';
import { todaysShares } from '../metrics/day-spend.ts';

type Parts = WithStore & WithAgents & Pick<WithSettings, 'settings'>;

/** The situation of any task, as it is now. */
export async function standings(context: Parts): Promise<(task: TaskRecord) => Standing> {
  const { playing } = await readQueue(context.store.coordination);
  const world = worldNow(context, playing);
  return (task) => standing(task, world);
}

/** The situation of a task at the time of each call, for a host that watches its folder. */
export function liveStandings(
  host: Parts & { readonly queue: QueueWatch | undefined },
): (task: TaskRecord) => Standing {
  return (task) => standing(task, worldNow(host, host.queue?.current.playing === true));
}

/** The world of this folder at this moment. */
export function worldNow({ store, settings, agents }: Parts, playing: boolean): World {
  const now = Date.now();
  return worldOf({
    tasks: store.view,
    agents,
    playing,
    now,
    maxParallel: settings.worker.maxParallel,
    maxPerAgent: settings.worker.maxPerAgent,
    day: () => todaysShares({ store, settings }, now),
  });
}
