/**
 * A FAKE agent that judges the results of a race: it prefers the last one. It gives any other prompt a note of several lines,
 * and changes a file.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from './kit.ts';

let folder = '';

serve({
  open(method, params) {
    folder = String(params['cwd']);
    return method === 'session/new' ? { sessionId: `judging-${process.pid}` } : {};
  },
  async prompt(turn) {
    const numbers = [...turn.text.matchAll(/^## Result (\d+)$/gm)].map(([, number]) => Number(number));
    if (numbers.length === 0) {
      appendFileSync(join(folder, 'README.md'), 'A new line.\n');
      turn.say('The list has twenty entries now.\n\n- `README.md` describes it.\n- <b>No test</b> was changed.');
    } else {
      const verdicts = numbers.map((task, index) => ({
        task,
        score: 6 + index,
        notes: index === 0 ? 'Correct, but it changes more than the task asks for.' : 'Correct and simple.',
      }));
      turn.say(`\`\`\`json\n${JSON.stringify({ verdicts, best: numbers.at(-1) })}\n\`\`\``);
    }
    return { stopReason: 'end_turn', usage: { inputTokens: 1_000, outputTokens: 234, totalTokens: 1_234 } };
  },
});
