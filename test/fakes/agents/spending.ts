/**
 * A FAKE agent that "calls a model" again and again and tells what it spent in one of the known ways: `cost` after each
 * call, `context` occupancy after each call, `tokens` at the end of the turn, or `nothing`. It notes each call in a file.
 * With "then waits" it calls no more after that until it is stopped; gone on with, it ends its turn.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

let folder = '';

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open(method, params) {
    folder = String(params.cwd);
    return method === 'session/new' ? { sessionId: 'spending-session' } : {};
  },
  async prompt(turn) {
    const [, way = 'nothing', calls = '30'] = /way: (\w+) (\d+)/.exec(turn.text) ?? [];
    const rounds = turn.text.includes('interrupted') ? 1 : Number(calls);
    for (let call = 1; call <= rounds && !turn.cancelled.aborted; call += 1) {
      appendFileSync(join(folder, 'calls'), `${call}\n`);
      if (way === 'cost')
        turn.update({
          sessionUpdate: 'usage_update',
          used: 500,
          size: 200_000,
          cost: { amount: 0.01 * call, currency: 'USD' },
        });
      if (way === 'context') turn.update({ sessionUpdate: 'usage_update', used: 100 * call, size: 200_000 });
      await delay(40, undefined, { signal: turn.cancelled }).catch(() => {});
    }
    if (turn.text.includes('then waits') && !turn.text.includes('interrupted')) await stopped(turn.cancelled);
    if (turn.cancelled.aborted) return 'cancelled';
    return {
      stopReason: 'end_turn',
      ...(way === 'tokens' ? { usage: { inputTokens: 90, outputTokens: 10, totalTokens: 100 } } : {}),
    };
  },
});

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
