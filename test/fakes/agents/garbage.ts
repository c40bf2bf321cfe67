/** A FAKE agent that writes all that must not be on its standard output, between proper messages. */
import { setTimeout as delay } from 'node:timers/promises';
import { send, serve, textChunk } from './kit.ts';

process.stdout.write('Debugger attached.\n\n\u001b[31mwarning\u001b[0m: colours\n');

serve({
  async prompt({ sessionId, text }) {
    if (text === 'oversized') {
      process.stdout.write(`{"jsonrpc":"2.0","method":"session/update","params":"${'x'.repeat(33 * 1024 * 1024)}"}\n`);
      await delay(10_000);
    }
    // A character torn over two writes, inside a message.
    const line = Buffer.from(
      `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: { sessionId, update: textChunk('a fox: 🦊.') } })}\n`,
    );
    const fox = line.indexOf(Buffer.from('🦊'));
    process.stdout.write(line.subarray(0, fox + 2));
    await delay(30);
    process.stdout.write(line.subarray(fox + 2));
    // Half a character and the end of the line; not UTF-8 at all; JSON that is no message; wrong shapes of right messages.
    process.stdout.write(Buffer.from([0xf0, 0x9f, 0x0a, 0xff, 0xfe, 0x00, 0x0a]));
    process.stdout.write('42\n[]\nnull\n{"jsonrpc":"1.0"}\n[{"jsonrpc":"2.0","method":"session/update"}]\n');
    process.stdout.write(`${'['.repeat(100_000)}\n`);
    send({ id: 'nobody asked', result: {} });
    send({ method: 'session/update' });
    send({ method: 'session/update', params: { sessionId, update: { sessionUpdate: 'from_the_future', x: 1 } } });
    send({
      method: 'session/update',
      params: { sessionId, update: { sessionUpdate: 'tool_call', toolCallId: 7, content: 'no' } },
    });
    send({
      method: 'session/update',
      params: { sessionId, update: { sessionUpdate: 'plan', entries: { length: 9 } } },
    });
    send({
      method: 'session/update',
      params: { sessionId, update: { sessionUpdate: 'usage_update', used: 'all', cost: [] } },
    });
    send({
      method: 'session/update',
      params: { sessionId, update: { sessionUpdate: 'agent_message_chunk', content: null } },
    });
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    const call = `"sessionUpdate":"tool_call","toolCallId":"deep","title":"deep","status":"completed","rawInput":${deep}`;
    process.stdout.write(
      `{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"${sessionId}","update":{${call}}}}\n`,
    );
    send({ id: 'odd', method: 'session/request_permission', params: 'nothing that makes sense' });
    send({ id: 'odder', method: 'fs/read_text_file', params: { path: '/etc/passwd' } });
    send({ method: '_fake/unknown' });
    await delay(50);
    return text === 'no reason' ? {} : 'end_turn';
  },
});
