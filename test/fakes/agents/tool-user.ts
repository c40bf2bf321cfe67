/**
 * A FAKE agent that uses tools as its prompt says, one a line: `ask`, `use` or `try`, then the call as JSON. `ask` asks
 * first and uses it when it may, `use` never asks, `try` asks and uses it whatever the answer is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

serve({
  async prompt(turn) {
    for (const [index, line] of turn.text.split('\n').entries()) {
      const [, how, json] = /^(ask|use|try) (\{.*\})$/.exec(line) ?? [];
      if (how === undefined || json === undefined) continue;
      const call = { toolCallId: `call-${turn.number}-${index}`, ...(JSON.parse(json) as object) };
      turn.update({ sessionUpdate: 'tool_call', ...call, status: 'pending' });
      const answer = how === 'use' ? 'allow_once' : await turn.ask(call);
      turn.say(`Answer ${index}: ${answer}.`);
      const used = how === 'try' || answer.startsWith('allow');
      turn.update({ sessionUpdate: 'tool_call_update', ...call, status: used ? 'completed' : 'failed' });
      await delay(50);
      if (turn.cancelled.aborted) return 'cancelled';
    }
    if (turn.text.includes('stay')) await delay(1 << 30, undefined, { signal: turn.cancelled }).catch(() => {});
    return turn.cancelled.aborted ? 'cancelled' : 'end_turn';
  },
});
