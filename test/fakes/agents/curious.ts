/**
 * A FAKE agent that asks its person: with a form while it works (`form`), or by ending its turn with a question. It
 * says what it was answered, and by which session it was asked.
 */
import { FakeError, request, serve } from './kit.ts';

serve({
  capabilities: { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open(method, params) {
    if (method !== 'session/new' && params.sessionId !== 'curious-session') throw new FakeError(-32002, 'not found');
    return method === 'session/new' ? { sessionId: 'curious-session' } : {};
  },
  async prompt(turn) {
    if (turn.text.includes('form')) {
      const answer = await request('elicitation/create', {
        sessionId: turn.sessionId,
        mode: 'form',
        message: 'Which database shall it be?',
        requestedSchema: {
          type: 'object',
          required: ['database'],
          properties: {
            database: { type: 'string', enum: ['postgres', 'sqlite'] },
            copies: { type: 'integer', title: 'How many' },
          },
        },
      });
      turn.say(`Heard ${JSON.stringify(answer)}.`);
      return turn.cancelled.aborted ? 'cancelled' : 'end_turn';
    }
    turn.say(
      turn.text.startsWith('#') ? 'There are two ways.\n\nShall I take the **short one**?' : `Heard "${turn.text}".`,
    );
    return 'end_turn';
  },
});
