/** A FAKE agent that asks before it edits a file and before it runs a command, and keeps its session for more. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './kit.ts';

let folder = '';

serve({
  open(_method, params) {
    folder = String(params.cwd);
    return { sessionId: 'careful' };
  },
  async prompt(turn) {
    if (turn.number > 1) {
      turn.say('Done, as you asked.');
      return 'end_turn';
    }
    turn.say('I read the notes first.');
    await delay(300);
    const path = join(folder, 'src', 'words.js');
    const diff = { type: 'diff', path, oldText: 'const limit = 10;\n', newText: 'const limit = 20;\n' };
    const edit = await turn.ask({
      toolCallId: 'edit',
      title: 'Edit src/words.js',
      kind: 'edit',
      locations: [{ path, line: 1 }],
      content: [diff],
    });
    const command = { command: 'npm test -- --watch=false' };
    const run = await turn.ask({ toolCallId: 'run', title: 'Run the tests', kind: 'execute', rawInput: command });
    turn.say(`Edit: ${edit}. Tests: ${run}.`);
    return 'end_turn';
  },
});
