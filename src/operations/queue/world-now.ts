import type { World } from '../../core/task/standing.ts';
import { worldOf } from '../../runtime/schedule/world.ts';
import { idleMsOf } from '../../runtime/settings/defaults.ts';
import type { WithAgents, WithSettings, WithStore } from '../context.ts';
import { todaysShares } from '../metrics/day-spend.ts';

export type WorldSource = WithStore & WithAgents & Pick<WithSettings, 'settings'>;

/** The world of this folder at this moment. */
export function worldNow(
  { store, settings, agents }: WorldSource,
  playing: boolean,
  maxParallel: number | undefined = settings.worker.maxParallel,
): World {
  const now = Date.now();
  return worldOf({
    tasks: store.view,
    agents,
    playing,
    now,
    maxParallel,
    maxPerAgent: settings.worker.maxPerAgent,
    sessionIdleMs: idleMsOf(settings),
    lastLogAt: (id) => store.lastLogAt(id),
    day: () => todaysShares({ store, settings }, now),
  });
}
