/**
 * A FAKE agent that does not stop: it ignores `session/cancel` and SIGTERM, and so do a child in its process group and
 * one in a session of its own.
 */
import { spawn } from 'node:child_process';
import { serve } from './kit.ts';

process.on('SIGTERM', () => {});
const script = 'trap "" TERM; while :; do sleep 1; done';

serve({
  outlives: true,
  prompt(turn) {
    spawn('sh', ['-c', script], { stdio: 'inherit' });
    spawn('sh', ['-c', script], { stdio: 'inherit', detached: true }).unref();
    turn.say('I will not stop.');
    turn.update({ sessionUpdate: 'tool_call', toolCallId: 'x', title: 'never ends', kind: 'other' });
    return new Promise(() => {});
  },
});
