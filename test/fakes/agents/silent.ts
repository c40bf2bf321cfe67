/** A FAKE agent that never answers: not even the greeting with `--mute`, else only the greeting and the session. */
import { serve } from './kit.ts';

if (process.argv.includes('--mute')) {
  process.stderr.write('waiting for something that never comes\n');
  process.stdin.resume();
} else {
  serve({ prompt: () => new Promise(() => {}) });
}
