/**
 * Writes lines to the logs of ten tasks, as agents that never pause, until it has written the wanted number and its
 * standard input has ended. Each line has its position. Prints the number of lines of each task.
 */
import { openStore } from './support/open-store.ts';

const [place = '', lines = '0'] = process.argv.slice(2);
/** Lines of a task that wait for the database, as those of an agent. */
const WAITING = 1_000;

const store = await openStore(place, { compactAt: 60_000, watch: false });
const tasks: string[] = [];
for (let n = 0; n < 10; n += 1) tasks.push((await store.createTask({ title: `flood ${n}` })).id);
let goesOn = true;
process.stdin.once('close', () => {
  goesOn = false;
});
process.stdin.resume();
console.log(JSON.stringify({ tasks }));

const written = await Promise.all(tasks.map(flood));
console.log(JSON.stringify({ written }));
await store.close();

async function flood(id: string): Promise<number> {
  let next = 0;
  while (next < Number(lines) / tasks.length || goesOn) {
    const batch = Array.from({ length: WAITING }, () => {
      const message = `${next} ${'x'.repeat(next % 200)}`;
      next += 1;
      return store.appendLog(id, [{ type: 'output', message }]);
    });
    await Promise.all(batch);
  }
  return next;
}
