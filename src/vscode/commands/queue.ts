import { operate } from '../operate.ts';
import type { Handler } from './context.ts';

/** The queues of all folders of the window that have tasks. */
export const playQueue: Handler = async ({ folders }) => {
  for (const folder of folders.all) if (folder.state.kind !== 'absent') await operate(folder, 'queue.play', {});
};

export const pauseQueue: Handler = async ({ folders }) => {
  for (const folder of folders.all) if (folder.isPlaying) await operate(folder, 'queue.pause', {});
};
