/**
 * A FAKE agent that crashes: at each start with `--at-start`, at the first one in a folder with `--at-first-start`, otherwise
 * in the middle of a turn, by exit code or by signal. With `--refuses-first-greeting`, it answers the first `initialize` in
 * a folder with an error. It notes each start in the file `starts`.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeError, serve } from './kit.ts';

process.stderr.write('loading\n');
const isFirst = !existsSync('starts');
appendFileSync('starts', 'start\n');
if (process.argv.includes('--at-start') || (process.argv.includes('--at-first-start') && isFirst)) {
  process.stderr.write('cannot read the configuration\n');
  process.exit(3);
}

serve({
  initialize() {
    if (process.argv.includes('--refuses-first-greeting') && isFirst) throw new FakeError(-32603, 'no database');
    return undefined;
  },
  async prompt(turn) {
    turn.say('Half a mess');
    process.stderr.write('assertion failed: it was never meant to work\n');
    await delay(50);
    if (turn.text === 'signal') process.kill(process.pid, 'SIGKILL');
    process.exit(7);
  },
});
