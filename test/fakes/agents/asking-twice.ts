/** A FAKE agent that asks for two permissions at once and says what came of each. */
import { serve } from './kit.ts';

serve({
  async prompt(turn) {
    const ask = (name: string): Promise<string> =>
      turn.ask({ toolCallId: name, title: `rm ${name}`, kind: 'execute', rawInput: { command: `rm ${name}` } });
    const [first, second] = await Promise.all([ask('one'), ask('two')]);
    turn.say(`one: ${first}, two: ${second}`);
    return turn.cancelled.aborted ? 'cancelled' : 'end_turn';
  },
});
