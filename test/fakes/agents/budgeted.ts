/**
 * A FAKE agent that "calls a model" and tells its spend in one of the known ways: `turn` and `session` tokens at the end
 * of a turn of one call each, `cost` or `context` after each call of an endless turn, or `nothing`. Its calls are short
 * up to a number, so that a limit is reached; each after that lasts until it is cancelled, however slow the machine is.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

const LONG_MS = 60_000;
let folder = '';
let way = 'nothing';
let short = 3;
let name = '';
let calls = 0;

serve({
  open(_method, params) {
    folder = String(params.cwd);
    return undefined;
  },
  async prompt(turn) {
    const [, told, number, file] = /way: (\w+) short: (\d+) as: (\S+)/.exec(turn.text) ?? [];
    if (told !== undefined) [way, short, name] = [told, Number(number), String(file)];
    const oneCall = way === 'turn' || way === 'session';
    do {
      calls += 1;
      appendFileSync(join(folder, `calls-${name}`), `${calls}\n`);
      await delay(calls <= short ? 5 : LONG_MS, undefined, { signal: turn.cancelled }).catch(() => {});
      if (turn.cancelled.aborted) return 'cancelled';
      const used = 100 * calls;
      const cost = { amount: 0.01 * calls, currency: 'USD' };
      if (way === 'cost') turn.update({ sessionUpdate: 'usage_update', used, size: 200_000, cost });
      if (way === 'context') turn.update({ sessionUpdate: 'usage_update', used, size: 200_000 });
    } while (!oneCall);
    const count = way === 'session' ? calls : 1;
    const usage = { inputTokens: 90 * count, outputTokens: 10 * count, totalTokens: 100 * count };
    return { stopReason: 'end_turn', usage };
  },
});
