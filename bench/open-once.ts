// Opens a store, or reads its files, as the first thing that a process does; prints how many milliseconds that took.

import { TaskStore } from '../src/store/task-store.ts';
import { bareReading } from './bare-reading.ts';
import { timed } from './kit.ts';

const [what, folder = ''] = process.argv.slice(2);
let size = 0;
const ms = await timed(async () => {
  if (what === 'store') size = (await TaskStore.open({ folder, watch: false })).view.size;
  else size = (await bareReading(folder)).length;
});
process.stdout.write(JSON.stringify({ ms, size }), () => {
  // As it is left by what is killed: the next one finds the same.
  process.kill(process.pid, 'SIGKILL');
});
