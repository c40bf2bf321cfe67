/**
 * A FAKE agent that refines a plan: it renames the first task, removes the last one and adds one. It works until a file
 * appears, whose path is its argument.
 */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

const file = process.argv[2] ?? '';

serve({
  async prompt(turn) {
    while (!existsSync(file)) {
      await delay(50);
      if (turn.cancelled.aborted) return 'cancelled';
    }
    const keys = [...turn.text.matchAll(/^ *- \[([^\]\s][^\]]*)\](?!.*\(group\)).*$/gm)].map(([, key]) => key);
    const changes = {
      change: [
        { key: keys[0], title: 'Look up the rates of all countries', description: 'Note the source of each rate.' },
      ],
      remove: [keys.at(-1)],
      add: [{ key: 'check', title: 'Check the rounding', dependsOn: [keys[0]], acceptance: ['Totals are exact.'] }],
    };
    turn.say(`\`\`\`json\n${JSON.stringify(changes)}\n\`\`\``);
    return 'end_turn';
  },
});
