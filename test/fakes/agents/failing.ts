/**
 * A FAKE agent whose model fails in the way of a real one: `codex` ends its turn normally with the failure in `_meta`, `gemini`
 * answers with an HTTP status, `claude` with a kind, `mute` ends its turn without tokens. `limited` is at its rate limit once, in
 * the file `limited`, then goes on. It exits instead of opening a session while there is a file `closed`. `refused` asks to write a file and cancels its turn if that is refused, as Codex does.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeError, serve } from './kit.ts';

let folder = '';
const usage = { inputTokens: 90, outputTokens: 10, totalTokens: 100 };

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {} } },
  open(method, params) {
    folder = String(params.cwd);
    if (existsSync(join(folder, 'closed'))) process.exit(3);
    return method === 'session/new' ? { sessionId: 'failing-session' } : {};
  },
  async prompt(turn) {
    const [, way = 'mute', detail = ''] = /way: (\w+) ?(\w*)/.exec(turn.text) ?? [];
    if (turn.text.includes('refused what you asked for') || turn.text.includes('interrupted')) {
      turn.say(`Heard: ${turn.text}`);
      return { stopReason: 'end_turn', usage };
    }
    if (way === 'codex') {
      const sessionFailure = { category: detail, severity: 'error', title: 'It failed.', actions: ['retry'] };
      return { stopReason: 'end_turn', usage: null, _meta: { jetbrains: { air: { version: 1, sessionFailure } } } };
    }
    if (way === 'gemini') throw new FakeError(Number(detail), 'It failed.');
    if (way === 'claude') throw new FakeError(-32603, 'It failed.', { errorKind: detail });
    if (way === 'limited' && !existsSync(join(folder, 'limited'))) {
      writeFileSync(join(folder, 'limited'), '');
      throw new FakeError(429, 'Rate limit exceeded.', { retryAfter: Number(detail) / 1_000 });
    }
    if (way === 'refused') {
      const answer = await turn.ask({ toolCallId: 'write', title: 'Edit files', kind: 'edit' });
      if (answer === 'reject_once') return 'cancelled';
    }
    turn.say('All done.');
    return 'end_turn';
  },
});
