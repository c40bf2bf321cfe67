/** A FAKE agent that thinks for a moment before it answers, and whose session can be gone on with. */
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open: (method) => (method === 'session/new' ? { sessionId: `slow-${process.pid}` } : {}),
  async prompt(turn) {
    await delay(400);
    turn.say('Done.');
    return 'end_turn';
  },
  request: () => ({}),
});
