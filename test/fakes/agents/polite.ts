/** A FAKE agent that does all that a good one does: thinks, plans, asks, writes a file, says what it spent. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeError, type FakeTurn, send, serve, textChunk } from './kit.ts';

let folder = '';
let loggedIn = false;

serve({
  authMethods: [{ id: 'key', name: 'Key' }],
  capabilities: process.argv.includes('--only-load')
    ? { loadSession: true }
    : { loadSession: true, sessionCapabilities: { resume: {}, close: {} } },
  open(method, params) {
    folder = String(params.cwd);
    if (params.sessionId === 'unknown') throw new FakeError(-32002, 'Resource not found');
    if (method === 'session/load') replay(String(params.sessionId));
    if (process.argv.includes('--needs-key') && !loggedIn) throw new FakeError(-32000, 'Authentication required');
    if (method !== 'session/new') return {};
    const offered = process.argv.includes('--draft-models') ? { models } : { configOptions: [modelOption] };
    return { sessionId: 'fake-session', ...offered };
  },
  async prompt(turn) {
    const stop = /^stop: (\w+)/.exec(turn.text)?.[1];
    if (stop !== undefined) return stop;
    if (turn.text === 'fail') throw new FakeError(-32603, 'the model is overloaded');
    if (turn.text === 'log in') throw new FakeError(-32000, 'Authentication required');
    if (turn.text === 'secret') turn.say(`The key is ${process.env.FAKE_API_KEY}, and ghp_${'a'.repeat(36)}.`);
    if (turn.text === 'forever') await waitUntilCancelled(turn);
    if (turn.cancelled.aborted) return 'cancelled';
    if (turn.text.startsWith('write ')) await write(turn, turn.text.slice('write '.length));
    if (turn.text.startsWith('run ')) await run(turn, turn.text.slice('run '.length));
    turn.say(`That was turn ${turn.number}.`);
    const cost = { amount: 0.01 * turn.number, currency: 'USD' };
    turn.update({ sessionUpdate: 'usage_update', used: 1_500, size: 200_000, cost });
    return { stopReason: 'end_turn', usage: { inputTokens: 100, outputTokens: 10, totalTokens: 110 } };
  },
  request(method, params) {
    if (method === 'session/close') return {};
    if (method === 'authenticate' && params.methodId === 'key') {
      loggedIn = true;
      return {};
    }
    if (method === 'session/set_model' && params.modelId === 'big') return {};
    if (method === 'session/set_model') throw new FakeError(-32602, 'no such model');
    if (method === 'session/set_config_option')
      return { configOptions: [{ ...modelOption, currentValue: params.value }] };
    throw new FakeError(-32601, `Method not found: ${method}`);
  },
});

const models = {
  currentModelId: 'small',
  availableModels: [
    { modelId: 'small', name: 'Small' },
    { modelId: 'big', name: 'Big' },
    { modelId: 'odd', name: 'Odd' },
  ],
};

const modelOption = {
  id: 'model',
  name: 'Model',
  category: 'model',
  type: 'select',
  currentValue: 'small',
  options: [
    {
      group: 'all',
      name: 'All',
      options: [
        { value: 'small', name: 'Small' },
        { value: 'big', name: 'Big' },
      ],
    },
  ],
};

async function write(turn: FakeTurn, name: string): Promise<void> {
  const path = join(folder, name);
  turn.update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'A file ' } });
  turn.update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'is wanted.' } });
  send({ method: '_fake/extension', params: { anything: true } });
  plan(turn, 'in_progress');
  turn.say('I will wr');
  turn.say('ite it: 🦊');
  const call = { toolCallId: `write-${turn.number}`, title: 'write', kind: 'edit' };
  turn.update({ sessionUpdate: 'tool_call', ...call, status: 'pending', rawInput: {} });
  const content = [{ type: 'diff', path, oldText: null, newText: 'hello\n' }];
  const asked = { ...call, title: path, locations: [{ path, line: 3 }], rawInput: { filePath: path }, content };
  const answer = await turn.ask(asked);
  const allowed = answer === 'allow_once';
  if (allowed) writeFileSync(path, 'hello\n');
  turn.update({
    sessionUpdate: 'tool_call_update',
    toolCallId: call.toolCallId,
    status: allowed ? 'completed' : 'failed',
    locations: [{ path, line: 3 }],
    rawInput: { filePath: path, content: 'hello\n' },
    content: [
      { type: 'content', content: { type: 'text', text: allowed ? 'Wrote it.' : `It was not allowed (${answer}).` } },
    ],
  });
  plan(turn, 'completed');
}

async function run(turn: FakeTurn, command: string): Promise<void> {
  const call = { toolCallId: `run-${turn.number}`, title: command, kind: 'execute', rawInput: { command } };
  turn.say(`It said ${await turn.ask(call)}. `);
}

function plan(turn: FakeTurn, second: string): void {
  const entries = [
    { content: 'Look around', status: 'completed', priority: 'high' },
    { content: 'Write it', status: second, priority: 'high' },
  ];
  turn.update({ sessionUpdate: 'plan', entries });
}

/** What was said before is told again when a session is loaded. */
function replay(sessionId: string): void {
  send({ method: 'session/update', params: { sessionId, update: textChunk('That was long ago.') } });
}

async function waitUntilCancelled(turn: FakeTurn): Promise<void> {
  turn.say('Working on it.');
  await delay(1 << 30, undefined, { signal: turn.cancelled }).catch(() => {});
}
