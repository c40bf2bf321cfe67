/**
 * A FAKE agent of an assisted task: it proposes a step at each turn, with the prompt that it got, and is done after a
 * prompt with "finish", or with its third turn. It resumes sessions, and appends each prompt to `prompts` in its folder.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

let folder = '';

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open(method, params) {
    folder = String(params['cwd']);
    return method === 'session/new' ? { sessionId: `proposing-${process.pid}` } : {};
  },
  async prompt(turn) {
    const file = join(folder, 'prompts');
    appendFileSync(file, `${JSON.stringify({ session: turn.sessionId, text: turn.text })}\n`);
    const number = readFileSync(file, 'utf8').trim().split('\n').length;
    while (turn.text.includes('wait for go') && !existsSync(join(folder, 'go'))) {
      await delay(20);
      if (turn.cancelled.aborted) return 'cancelled';
    }
    if (turn.text.includes('ask me')) turn.say('Which database?');
    else if (number >= 3 || turn.text.includes('finish')) turn.say(`I did step ${number - 1}.\n\n**TASK DONE**`);
    else turn.say(`I propose step ${number}.`);
    return { stopReason: 'end_turn', usage: { inputTokens: 100, outputTokens: 10, totalTokens: 110 } };
  },
});
