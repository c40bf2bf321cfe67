/** A FAKE agent that begins in a mode in which it never asks, and says what it was told when its session was opened. */
import { serve } from './kit.ts';

const [first = 'yolo', ...others] = process.argv.slice(2);
let mode = first;
let told: unknown;

serve({
  open(_method, params) {
    told = params._meta;
    const availableModes = [first, ...others].map((id) => ({ id, name: id }));
    return { sessionId: 'hasty', modes: { currentModeId: first, availableModes } };
  },
  request(method, params) {
    if (method === 'session/set_mode') mode = String(params.modeId);
    return {};
  },
  async prompt(turn) {
    turn.say(JSON.stringify({ mode, told, env: process.env.TOLD }));
    return 'end_turn';
  },
});
