/** A FAKE agent that works until a file appears, whose path is its argument. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

const file = process.argv[2] ?? '';

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open: (method) => (method === 'session/new' ? { sessionId: `waiting-${process.pid}` } : {}),
  async prompt(turn) {
    while (!existsSync(file)) await delay(50);
    turn.say('Done.');
    return 'end_turn';
  },
  request: () => ({}),
});
