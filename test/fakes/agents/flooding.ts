/** A FAKE agent that floods: as many updates in one turn as its prompt says, as fast as they are taken. */
import { once } from 'node:events';
import { serve, textChunk } from './kit.ts';

serve({
  async prompt({ text, sessionId }) {
    const [count, kind] = text.split(' ');
    for (let number = 1; number <= Number(count); number += 1) {
      const update =
        kind === 'tools'
          ? { sessionUpdate: 'tool_call', toolCallId: `call-${number}`, title: `Call ${number}`, kind: 'other' }
          : textChunk(`chunk ${number} of many\n`);
      const line = JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: { sessionId, update } });
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    }
    return 'end_turn';
  },
});
