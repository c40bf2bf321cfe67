/** A FAKE agent that asks to run a command and, when it is refused, ends its turn without a word, once or each time. */
import { serve } from './kit.ts';

let stubborn = false;

serve({
  open: () => ({ sessionId: 'sulking' }),
  async prompt(turn) {
    stubborn ||= turn.text.includes('stubborn');
    if (turn.number > 1 && !stubborn) {
      turn.say(`Heard: ${turn.text}`);
      return 'end_turn';
    }
    const rawInput = { command: 'npm publish' };
    await turn.ask({ toolCallId: `run-${turn.number}`, title: 'Publish', kind: 'execute', rawInput });
    return 'end_turn';
  },
});
