import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TaskError } from '../../src/core/errors.ts';
import { personGroups } from '../../src/mcp/tools/groups.ts';
import { until } from '../support/temp-folder.ts';
import { generations, mcpBench, type Pipe, refusal, servePipe } from './bench.ts';

/** Sends lines and collects the answers by their id. */
function wire({ toServer, fromServer }: Pipe): { send(line: string): void; answers: Map<unknown, Answer> } {
  const answers = new Map<unknown, Answer>();
  let rest = '';
  fromServer.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Answer;
      answers.set(message.id, message);
    }
  });
  return { send: (line) => void toServer.write(`${line}\n`), answers };
}

interface Answer {
  readonly id: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly result?: unknown;
}

const hello = JSON.stringify({
  jsonrpc: '2.0',
  id: 'hello',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
});

describe('a server under bad input', () => {
  it('answers an unknown method with an error and works on', async (context) => {
    const { serve } = await mcpBench(context);
    const { send, answers } = wire(serve());
    send(hello);
    send('{"jsonrpc":"2.0","id":1,"method":"tasks/steal"}');
    send('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":7}}');
    send('{"jsonrpc":"2.0","id":3,"method":"tools/list"}');
    await until('it answers', () => answers.has(3));
    assert.equal(answers.get(1)?.error?.code, -32601);
    assert.ok(answers.get(2)?.error !== undefined);
    assert.ok(answers.get(3)?.result !== undefined);
  });

  it('survives nested and oversized values', async (context) => {
    const { serve, store } = await mcpBench(context);
    const { send, answers } = wire(serve());
    send(hello);
    const nested = '['.repeat(50_000) + ']'.repeat(50_000);
    send(
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"task_list","arguments":{"label":${nested}}}}`,
    );
    const long = JSON.stringify('x'.repeat(2_000_000));
    send(
      `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"task_create","arguments":{"action":"create","title":${long}}}}`,
    );
    send('{"jsonrpc":"2.0","id":3,"method":"tools/list"}');
    await until('it answers', () => answers.has(3));
    await until('it refuses the long title', () => answers.has(2));
    assert.match(JSON.stringify(answers.get(2)), /InvalidInput|TooLarge/);
    assert.equal([...store.view.all()].length, 0);
  });

  it('ends the connection at a message over 4 MB, and nothing else', async (context) => {
    const { serve, connect } = await mcpBench(context);
    const { toServer, fromServer } = serve();
    toServer.write(`${hello}\n`);
    fromServer.resume();
    toServer.write('x'.repeat(5_000_000));
    assert.equal((await (await connect()).listTools()).tools.length > 0, true);
  });

  it('answers or ignores any JSON, and answers the next client', async (context) => {
    const { serve } = await mcpBench(context);
    const { send, answers } = wire(serve());
    send(hello);
    const methods = [
      'tools/call',
      'tools/list',
      'resources/read',
      'resources/subscribe',
      'prompts/get',
      'completion/complete',
      'initialize',
      'subscriptions/listen',
      'server/discover',
      'ping',
    ];
    let id = 100;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.jsonValue({ maxDepth: 3 }),
        fc.boolean(),
        async (method, value, wrapped) => {
          id += 1;
          const params = wrapped
            ? { name: value, arguments: value, uri: value, ref: value, argument: value, cursor: value }
            : value;
          send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
          send(JSON.stringify(value));
        },
      ),
      { numRuns: 300 },
    );
    send('not JSON');
    send('{"jsonrpc":"2.0","id":"last","method":"tools/list"}');
    await until('it answers', () => answers.has('last'));
    assert.ok(answers.get('last')?.result !== undefined);
  });

  it('keeps one notification for a client that never reads', async (context) => {
    const { serve, store } = await mcpBench(context);
    const pipe = serve();
    pipe.toServer.write(`${hello}\n`);
    for (let change = 0; change < 300; change += 1)
      await store.updateTask((await store.createTask({ title: 'x' })).id, { progress: 1 });
    assert.ok(pipe.fromServer.readableLength < 300_000, `${pipe.fromServer.readableLength} bytes wait`);
  });

  it('refuses a restricted folder', async (context) => {
    const made = await mcpBench(context, { trusted: false });
    assert.throws(
      () => servePipe(context, made, personGroups()),
      (error) => TaskError.is(error, 'Untrusted'),
    );
  });

  for (const generation of generations) {
    it(`serves a store of a newer version read-only, with the reason (${generation})`, async (context) => {
      const made = await mcpBench(context);
      await made.store.createTask({ title: 'One' });
      const message = 'This store was written by a newer version.';
      const store = new Proxy(made.store, {
        get: (target, key) => {
          if (key === 'readOnly') return message;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const client = await made.connect({ generation, on: { ...made, store } });
      assert.match(client.getInstructions() ?? '', /Read-only: This store was written by a newer version\./);
      const { tools } = await client.listTools();
      assert.ok(tools.length > 0 && tools.every(({ annotations }) => annotations?.readOnlyHint === true));
      assert.match((await refusal(client, 'task_create', { title: 'Two' })).message, /newer version/);
      assert.match((await refusal(client, 'task_end', { action: 'cancel', tasks: [1] })).message, /newer version/);
    });
  }
});
