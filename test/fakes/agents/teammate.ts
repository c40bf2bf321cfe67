/** A FAKE agent of a workflow: it leaves notes, fixes faults that others found, and reviews until `fixed` is there. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from './kit.ts';

let folder = '';
const note = (value: object): string => `\n\n\`\`\`handoff\n${JSON.stringify(value)}\n\`\`\``;

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open(method, params) {
    folder = String(params['cwd']);
    return method === 'session/new' ? { sessionId: `teammate-${process.pid}` } : {};
  },
  async prompt(turn) {
    appendFileSync(join(folder, 'prompts'), `${JSON.stringify({ session: turn.sessionId, text: turn.text })}\n`);
    if (turn.text.includes('Review the work')) {
      const stubborn = existsSync(join(folder, 'stubborn'));
      const good = !stubborn && existsSync(join(folder, 'fixed'));
      const verdict = good
        ? { verdict: 'accept', done: 'Fine.' }
        : { verdict: 'send_back', reasons: ['Fix the bug.'], done: 'Read it.' };
      turn.say(`I looked at it.${note(verdict)}`);
    } else {
      if (/sent the work back|checks failed/.test(turn.text)) writeFileSync(join(folder, 'fixed'), 'yes\n');
      turn.say(`Made it.${note({ done: 'Wrote the code.', decisions: ['Use `a` map'], verify: ['npm test'] })}`);
    }
    return { stopReason: 'end_turn', usage: { inputTokens: 100, outputTokens: 10, totalTokens: 110 } };
  },
});
