import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import type { AgentSession } from '../../../src/core/agent/port.ts';
import { processesLeft } from '../../support/processes.ts';
import { RecordingClient, reject } from '../../support/recording-client.ts';
import { chatCompletions } from '../../support/scripted-model/chat.ts';
import { type ScriptedModel, startScriptedModel } from '../../support/scripted-model/server.ts';
import type { ModelTurn } from '../../support/scripted-model/turn.ts';
import { until } from '../../support/temp-folder.ts';
import { opencode as agent } from '../real/agents/opencode.ts';
import { Releases } from '../real/bench.ts';
import { installOrSkip } from '../real/install.ts';
import { type OpencodeEnvironment, opencodeEnv } from './harness.ts';

const { program, skip } = await installOrSkip(agent.package);
let runs = 0;

interface Bench {
  readonly model: ScriptedModel;
  readonly opencode: OpencodeEnvironment;
  readonly taskId: string;
  open(client: RecordingClient, resume?: string, allowedTools?: readonly string[]): Promise<AgentSession>;
}

async function bench(context: TestContext, script: (workspace: string) => ModelTurn[]): Promise<Bench> {
  runs += 1;
  const taskId = `task_opencode${process.pid}x${runs}`;
  const releases = new Releases();
  context.after(() => releases.run());
  const turns: ModelTurn[] = [];
  const model = await startScriptedModel(chatCompletions, turns);
  releases.after(() => model.close());
  const opencode = await opencodeEnv(program, model);
  releases.after(() => opencode.remove());
  turns.push(...script(opencode.workspace));
  return {
    model,
    opencode,
    taskId,
    async open(client, resume, allowedTools) {
      const agent = createAgentCatalog({ env: opencode.env }).get('OPENCODE');
      const request = { taskId, title: 'A task', cwd: opencode.workspace, resume, allowedTools };
      const session = await agent.open(request, client);
      releases.after(() => session.close());
      return session;
    },
  };
}

function writes(workspace: string): ModelTurn {
  const input = { filePath: join(workspace, 'hello.txt'), content: 'hello, world\n' };
  return { text: 'I will write it.', tools: [{ name: 'write', input }], usage: { input: 1_000, output: 50 } };
}

function runsCommand(command: string): ModelTurn {
  return { text: 'I will run it.', tools: [{ name: 'bash', input: { command, description: 'runs it' } }] };
}

/** The words of the agent. A message that pauses for two seconds is logged in parts. */
function textOf(client: RecordingClient): string {
  return client.messages('agent').join('');
}

describe('OpenCode over the Agent Client Protocol', { skip, concurrency: 3 }, () => {
  it('is detected with its version', async (context) => {
    const { opencode } = await bench(context, () => []);
    const list = await createAgentCatalog({ env: opencode.env }).list();
    const info = list.find(({ name }) => name === 'OPENCODE');
    assert.deepEqual([info?.available, info?.version], [true, '1.18.33']);
  });

  it('creates a file after its permission request was approved', async (context) => {
    const { open, opencode, taskId } = await bench(context, (workspace) => [writes(workspace), { text: 'Done ✓' }]);
    const client = new RecordingClient();
    const session = await open(client);
    const outcome = await session.prompt('Write hello.txt.');
    assert.equal(outcome.kind, 'completed');
    assert.equal(outcome.stopReason, 'end_turn');
    const path = join(opencode.workspace, 'hello.txt');
    assert.equal(readFileSync(path, 'utf8'), 'hello, world\n');

    assert.equal(client.requests.length, 1);
    const { detail } = client.requests[0] ?? {};
    assert.deepEqual([detail?.toolName, detail?.toolKind, detail?.files], ['write', 'edit', [path]]);
    assert.deepEqual(detail?.diffs, [{ path, oldText: '', newText: 'hello, world\n' }]);

    assert.equal(textOf(client), 'I will write it.Done ✓');
    assert.deepEqual(client.messages('output'), []);
    const entry = client.entries.find(({ type, metadata }) => type === 'tool' && metadata?.status === 'completed');
    assert.equal(entry?.metadata?.toolName, 'write');
    assert.equal(entry?.metadata?.fileName, 'hello.txt');
    assert.deepEqual(entry?.metadata?.toolInput, { filePath: path, content: 'hello, world\n' });
    await session.close();
    assert.deepEqual(processesLeft(taskId), []);
  });

  it('creates nothing when its request was rejected', async (context) => {
    const { open, opencode } = await bench(context, (workspace) => [writes(workspace), { text: 'Then not.' }]);
    const client = new RecordingClient(() => reject);
    const session = await open(client);
    const outcome = await session.prompt('Write hello.txt.');
    assert.notEqual(outcome.kind, 'failed');
    assert.equal(client.requests.length, 1);
    assert.equal(existsSync(join(opencode.workspace, 'hello.txt')), false);
    const entry = client.entries.find(({ type, metadata }) => type === 'tool' && metadata?.status === 'failed');
    assert.equal(entry?.level, 'warn');
  });

  it('is cancelled while the model hangs and while a command runs, and no process is left', async (context) => {
    const { open, model, taskId } = await bench(context, () => [
      { text: 'Let me think.', hang: true },
      runsCommand('sleep 1001'),
    ]);
    const session = await open(new RecordingClient());
    const thinking = session.prompt('Think.');
    await model.asked(1);
    await session.cancel();
    assert.equal((await thinking).kind, 'cancelled');
    const running = session.prompt('Run it.');
    await until('the command runs', () => processesLeft(taskId).some((line) => line.includes('sleep 1001')));
    await session.close();
    assert.equal((await running).kind, 'cancelled');
    assert.deepEqual(processesLeft(taskId), []);
  });

  it('fails the turn when it is killed, and ends its command', async (context) => {
    const { open, taskId } = await bench(context, () => [runsCommand('sleep 1002')]);
    const client = new RecordingClient();
    const session = await open(client);
    const turn = session.prompt('Run it.');
    await until('the command runs', () => processesLeft(taskId).some((line) => line.includes('sleep 1002')));
    process.kill(session.pid ?? 0, 'SIGKILL');
    const outcome = await turn;
    assert.equal(outcome.kind, 'failed');
    if (outcome.kind !== 'failed') return;
    assert.equal(outcome.errorCode, 'AgentCrashed');
    assert.match(outcome.error, /OpenCode ended unexpectedly in this turn \(signal SIGKILL\)/);
    assert.deepEqual(outcome.end, { signal: 'SIGKILL' });
    assert.deepEqual(processesLeft(taskId), []);
    assert.ok(textOf(client).includes('I will run it.'));
  });

  it('accepts a follow-up in the same session and reports the cost of both turns', async (context) => {
    const { open, model } = await bench(context, (workspace) => [
      writes(workspace),
      { text: 'First.', usage: { input: 2_000, output: 7 } },
      { text: 'Second.', usage: { input: 3_000, output: 9 } },
    ]);
    const session = await open(new RecordingClient());
    const first = await session.prompt('Write hello.txt.');
    const second = await session.prompt('And now something else.');
    // OpenCode reports the tokens of a turn's last call only; its own record has those of each call.
    assert.deepEqual([first.usage?.total_tokens, first.usage?.estimated], [3_057, undefined]);
    assert.equal(first.usage?.cost_usd, (3_000 * 3 + 57 * 15) / 1e6);
    assert.equal(second.usage?.total_tokens, 6_066);
    assert.equal(second.usage?.cost_usd, (6_000 * 3 + 66 * 15) / 1e6);
    assert.deepEqual([second.usage?.context_tokens, second.usage?.context_size], [3_000, 100_000]);
    assert.match(model.requests[2]?.text ?? '', /Write hello\.txt[\s\S]*First\.[\s\S]*And now something else/);
  });

  it('resumes its session in a new process', async (context) => {
    const { open, model } = await bench(context, () => [{ text: 'I will remember.' }, { text: 'I do.' }]);
    const session = await open(new RecordingClient());
    await session.prompt('Remember the word marmalade.');
    await session.close();
    const client = new RecordingClient();
    const resumed = await open(client, session.id);
    assert.deepEqual([resumed.id, resumed.resumed], [session.id, true]);
    await resumed.prompt('Do you?');
    assert.equal(textOf(client), 'I do.');
    assert.match(model.requests[1]?.text ?? '', /marmalade/);
  });

  it('offers the tools of its task and asks for conditional ones, overriding its own settings', async (context) => {
    const { open, model, opencode } = await bench(context, () => [runsCommand('echo once'), { text: 'Done.' }]);
    const config = opencode.env.OPENCODE_CONFIG ?? '';
    const own = JSON.parse(readFileSync(config, 'utf8'));
    writeFileSync(config, JSON.stringify({ ...own, permission: 'allow' }));
    const client = new RecordingClient();
    const session = await open(client, undefined, ['file_operations:read', 'code_execution(echo)']);
    await session.prompt('Go.');
    const tools = model.requests[0]?.tools ?? [];
    assert.ok(tools.includes('bash') && tools.includes('read'), tools.join());
    assert.deepEqual(
      tools.filter((name) => ['edit', 'write', 'patch', 'multiedit', 'webfetch', 'websearch'].includes(name)),
      [],
    );
    assert.deepEqual(
      client.requests.map(({ detail }) => detail.command),
      ['echo once'],
    );
  });

  it('reports a failed model as a failed turn', async (context) => {
    const { open } = await bench(context, () => [{ error: { status: 400 } }]);
    const session = await open(new RecordingClient());
    const outcome = await session.prompt('Anything.');
    assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
  });
});
