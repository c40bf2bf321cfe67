/** A FAKE agent that crashes: at the start with `--at-start`, else in the middle of a turn, by exit code or by signal. */
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

process.stderr.write('loading\n');
if (process.argv.includes('--at-start')) {
  process.stderr.write('cannot read the configuration\n');
  process.exit(3);
}

serve({
  async prompt(turn) {
    turn.say('Half a mess');
    process.stderr.write('assertion failed: it was never meant to work\n');
    await delay(50);
    if (turn.text === 'signal') process.kill(process.pid, 'SIGKILL');
    process.exit(7);
  },
});
