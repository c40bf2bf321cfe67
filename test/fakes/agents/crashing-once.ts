/**
 * A FAKE agent that crashes in its first turn in a folder, and notes in the file `crashed` how its session was opened
 * again. After a prompt with "forgetful" it does not know the session any more. A later turn is answered with its prompt.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeError, serve } from './kit.ts';

let notes = '';

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open(method, params) {
    notes = join(String(params.cwd), 'crashed');
    if (method === 'session/new') return { sessionId: existsSync(notes) ? 'fresh' : 'frail' };
    if (readFileSync(notes, 'utf8').includes('forgetful')) throw new FakeError(-32002, 'Resource not found');
    appendFileSync(notes, `${method} ${params.sessionId}\n`);
    return {};
  },
  async prompt(turn) {
    if (!existsSync(notes)) {
      writeFileSync(notes, turn.text.includes('forgetful') ? 'forgetful\n' : '');
      turn.say('Half a mess');
      await delay(50);
      process.exit(7);
    }
    turn.say(turn.text);
    return 'end_turn';
  },
  request: () => ({}),
});
