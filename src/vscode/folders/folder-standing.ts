import type { TaskRecord } from '../../core/task/schema.ts';
import { type Standing, standing, type World } from '../../core/task/standing.ts';
import { worldNow } from '../../operations/queue/world-now.ts';
import type { TaskFolder } from './task-folder.ts';

/** Looking for programs and adding up a day is not repeated for each row. */
const KEPT_MS = 1_000;

const worlds = new WeakMap<object, { readonly until: number; readonly playing: boolean; readonly world: World }>();

/** The situation of a task of this folder. A folder that is not open knows only the task itself. */
export function folderStanding(
  folder: Pick<TaskFolder, 'host' | 'isPlaying'>,
  task: TaskRecord,
  now: number,
): Standing {
  const { host, isPlaying: playing } = folder;
  if (host === undefined) return standing(task, closed(now));
  let known = worlds.get(host);
  if (known === undefined || known.until < now || known.playing !== playing) {
    known = { until: now + KEPT_MS, playing, world: worldNow(host, playing) };
    worlds.set(host, known);
  }
  return standing(task, { ...known.world, now });
}

function closed(now: number): World {
  return {
    now,
    playing: false,
    sessionIdleMs: 0,
    askingInSlots: () => [],
    find: () => undefined,
    canRun: () => true,
    isUncounted: () => false,
    isFull: () => false,
    slotsInUse: () => undefined,
    limitOwner: () => undefined,
    isDayOver: () => false,
    reservedBy: () => undefined,
    isAbandoned: () => false,
    lastLogAt: () => undefined,
  };
}
