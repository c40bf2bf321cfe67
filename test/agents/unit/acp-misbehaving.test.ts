import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AcpAgentOptions } from '../../../src/agents/acp/options.ts';
import type { AgentSession } from '../../../src/core/agent/port.ts';
import { TaskError } from '../../../src/core/errors.ts';
import type { LogDraft } from '../../../src/core/task/log-entry.ts';
import type { TurnOutcome } from '../../../src/core/task/turn.ts';
import { fakeAgent } from '../../support/fake-agent.ts';
import { processesLeft } from '../../support/processes.ts';
import { approveOnce, RecordingClient, reject } from '../../support/recording-client.ts';
import { until } from '../../support/temp-folder.ts';

const cwd = mkdtempSync(join(tmpdir(), 'acp-misbehaving-'));
const sessions: AgentSession[] = [];
afterEach(async () => {
  // Also after a failed assertion: a session that is left open keeps the test's process alive.
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});
after(() => rmSync(cwd, { recursive: true, force: true }));
let runs = 0;

interface Started {
  readonly session: AgentSession;
  readonly client: RecordingClient;
  readonly taskId: string;
}

async function start(
  name: string,
  client = new RecordingClient(),
  args: string[] = [],
  options: Partial<AcpAgentOptions> = {},
): Promise<Started> {
  runs += 1;
  const taskId = `task_bad${process.pid}x${runs}`;
  const session = await fakeAgent(name, args, options).open({ taskId, title: 'A task', cwd }, client);
  sessions.push(session);
  return { session, client, taskId };
}

async function failsToStart(name: string, args: string[], options: Partial<AcpAgentOptions> = {}): Promise<TaskError> {
  const error = await start(name, new RecordingClient(), args, options).catch((reason: unknown) => reason);
  assert.ok(error instanceof TaskError, String(error));
  assert.deepEqual(processesLeft(`task_bad${process.pid}x${runs}`), []);
  return error;
}

function failure(outcome: TurnOutcome): Extract<TurnOutcome, { kind: 'failed' }> {
  assert.equal(outcome.kind, 'failed');
  return outcome as Extract<TurnOutcome, { kind: 'failed' }>;
}

describe('an agent that fails to start', () => {
  it('is reported as unavailable after the start timeout, with its last output', async () => {
    const mute = { command: '/bin/sh', args: ['-c', 'echo waiting for something >&2; sleep 1000'] };
    const error = await failsToStart('silent', [], { ...mute, startTimeoutMs: 2_000 });
    assert.equal(error.code, 'AgentUnavailable');
    assert.match(error.message, /was not ready within 2 s: waiting for something/);
    assert.ok((error.next ?? []).length > 0);
  });

  it('is reported as crashed with its exit code and last output', async () => {
    const error = await failsToStart('crashing', ['--at-start']);
    assert.equal(error.code, 'AgentCrashed');
    assert.match(error.message, /exit code 3[\s\S]*cannot read the configuration/);
  });

  it('is started once more, and only once, if it ends before it answers', async () => {
    const starts = join(cwd, 'starts');
    rmSync(starts, { force: true });
    const { client } = await start('crashing', new RecordingClient(), ['--at-first-start']);
    const [warning] = client.entries.filter(({ level }) => level === 'warn');
    assert.match(warning?.message ?? '', /^The first start failed and is repeated once\. .*exit code 3/);
    assert.equal(readFileSync(starts, 'utf8'), 'start\nstart\n');
    await failsToStart('crashing', ['--at-start']);
    assert.equal(readFileSync(starts, 'utf8'), 'start\n'.repeat(4));
  });

  it('is started once more if it reports an error instead of its capabilities', async () => {
    const starts = join(cwd, 'starts');
    rmSync(starts, { force: true });
    const { client } = await start('crashing', new RecordingClient(), ['--refuses-first-greeting']);
    const [warning] = client.entries.filter(({ level }) => level === 'warn');
    assert.match(warning?.message ?? '', /^The first start failed and is repeated once\. .*no database/);
    assert.equal(readFileSync(starts, 'utf8'), 'start\nstart\n');
  });

  it('is not started again after it was cancelled', async () => {
    const starts = join(cwd, 'starts');
    rmSync(starts, { force: true });
    const cancelled = new AbortController();
    const client = new RecordingClient();
    const { log } = client;
    client.log = (entry: LogDraft) => {
      if (entry.message.startsWith('The first start failed')) cancelled.abort();
      return log.call(client, entry);
    };
    const opening = fakeAgent('crashing', ['--at-first-start']).open(
      { taskId: `task_bad${process.pid}cancelled`, title: 'A task', cwd, signal: cancelled.signal },
      client,
    );
    await assert.rejects(opening, { code: 'AgentCrashed' });
    assert.equal(readFileSync(starts, 'utf8'), 'start\n');
  });

  it('is reported as unavailable if the program is missing', async () => {
    const error = await failsToStart('polite', [], { command: '/no/such/program' });
    assert.equal(error.code, 'AgentUnavailable');
  });

  it('is reported as a protocol error if another program answers', async () => {
    const error = await failsToStart('polite', [], { command: '/bin/echo' });
    assert.equal(error.code, 'AgentCrashed');
  });
});

describe('an agent that misbehaves', () => {
  it('is not timed out while it is silent, and stops on cancel', async () => {
    const { session, client, taskId } = await start('silent');
    const turn = session.prompt('anything');
    const first = await Promise.race([turn, delay(500, 'still waiting')]);
    assert.equal(first, 'still waiting');
    await session.cancel();
    assert.equal((await turn).kind, 'cancelled');
    assert.ok(client.messages().some((message) => message.includes('did not stop within')));
    assert.deepEqual(processesLeft(taskId), []);
    await session.close();
  });

  for (const [how, detail] of [
    ['exit', /exit code 7/],
    ['signal', /signal SIGKILL/],
  ] as const) {
    it(`fails the turn when it crashes by ${how}, with its last output`, async () => {
      const { session, client } = await start('crashing');
      const outcome = failure(await session.prompt(how));
      assert.equal(outcome.errorCode, 'AgentCrashed');
      assert.match(outcome.error, detail);
      assert.match(outcome.error, /assertion failed: it was never meant to work/);
      assert.ok((outcome.next ?? []).length > 0);
      assert.deepEqual(outcome.end, how === 'exit' ? { exitCode: 7 } : { signal: 'SIGKILL' });
      assert.ok(client.messages('agent').includes('Half a mess'));
      const noise = client.entries.find((entry) => entry.message.startsWith('assertion failed'));
      assert.equal(noise?.level, 'debug');
      assert.deepEqual(await session.ended, outcome.end);
      assert.equal(failure(await session.prompt('again')).errorCode, 'AgentCrashed');
      await session.close();
    });
  }

  it('is parsed despite garbage, split characters and wrong shapes', async () => {
    const { session, client } = await start('garbage', new RecordingClient(() => reject));
    const outcome = await session.prompt('go');
    await session.close();
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(client.messages('agent'), ['a fox: 🦊.']);
    const warnings = client.entries.filter((entry) => entry.level === 'warn').map((entry) => entry.message);
    assert.ok(
      warnings.some((message) => message.includes('Debugger attached.')),
      warnings.join('\n'),
    );
    assert.ok(warnings.some((message) => message.includes('an answer to nothing')));
    const deep = client.entries.find((entry) => entry.metadata?.toolCallId === 'deep' && entry.level === 'info');
    assert.match(JSON.stringify(deep), /left out: too deep/);
    assert.equal(failure(await (await start('garbage')).session.prompt('no reason')).errorCode, 'AgentProtocolError');
  });

  it('fails the turn when a message exceeds the size limit', async () => {
    const { session, taskId } = await start('garbage');
    const outcome = failure(await session.prompt('oversized'));
    assert.equal(outcome.errorCode, 'AgentProtocolError');
    assert.match(outcome.error, /which is too long/);
    await session.close();
    assert.deepEqual(processesLeft(taskId), []);
  });

  it('may open two permission requests at once, decided in any order', async () => {
    const client = new RecordingClient(async ({ detail }) => {
      if (detail.command === 'rm two') return reject;
      await until('the other is asked', () => client.requests.length === 2);
      await delay(50);
      return approveOnce;
    });
    const { session } = await start('asking-twice', client);
    assert.equal((await session.prompt('go')).kind, 'completed');
    assert.deepEqual(client.messages('agent'), ['one: allow_once, two: reject_once']);
    await session.close();
  });

  it('has both open requests cancelled with the turn', async () => {
    const client = new RecordingClient(() => new Promise(() => {}));
    const { session } = await start('asking-twice', client);
    const turn = session.prompt('go');
    await until('it asks twice', () => client.requests.length === 2);
    await session.cancel();
    assert.equal((await turn).kind, 'cancelled');
    assert.deepEqual(client.messages('agent'), ['one: cancelled, two: cancelled']);
    await session.close();
  });

  it('is ended with all its child processes when it ignores cancel and SIGTERM', async () => {
    const { session, client, taskId } = await start('stubborn');
    const turn = session.prompt('go');
    await until('it says that it will not', () => processesLeft(taskId).length >= 3);
    await session.cancel();
    assert.equal((await turn).kind, 'cancelled');
    assert.deepEqual(processesLeft(taskId), []);
    assert.equal((await session.ended).signal, 'SIGKILL');
    assert.ok(client.entries.some((entry) => entry.type === 'tool' && entry.metadata?.status === 'cancelled'));
    await session.close();
  });

  it('is ended even if it ignores close', async () => {
    const { session, taskId } = await start('stubborn');
    const turn = session.prompt('go');
    await until('it runs', () => processesLeft(taskId).length >= 3);
    await session.close();
    assert.equal((await turn).kind, 'cancelled');
    assert.deepEqual(processesLeft(taskId), []);
  });
});

describe('an agent that floods', () => {
  it('loses none of 100,000 updates and buffers few of them', async (t) => {
    let chars = 0;
    let entries = 0;
    let highest = 0;
    const client = new (class extends RecordingClient {
      override log(entry: LogDraft): void {
        if (entry.type !== 'agent') return;
        chars += entry.message.length;
        entries += 1;
        highest = Math.max(highest, process.memoryUsage().rss);
      }
    })();
    const { session } = await start('flooding', client);
    const before = process.memoryUsage().rss;
    const cpu = process.cpuUsage();
    assert.equal((await session.prompt('100000')).kind, 'completed');
    const { user, system } = process.cpuUsage(cpu);
    await session.close();
    const expected = Array.from({ length: 100_000 }, (_, index) => `chunk ${index + 1} of many\n`.length);
    assert.equal(
      chars,
      expected.reduce((sum, length) => sum + length, 0),
    );
    assert.ok(entries < 100, `${entries} entries`);
    t.diagnostic(
      `100,000 updates: ${Math.round((user + system) / 100_000)} µs of CPU each, ${Math.round((highest - before) / 2 ** 20)} MiB more`,
    );
    assert.ok(highest - before < 120 * 2 ** 20, `${Math.round((highest - before) / 2 ** 20)} MiB more`);
  });

  it('is slowed down to the speed of the log', async () => {
    let waiting = 0;
    let most = 0;
    const client = new (class extends RecordingClient {
      override async log(entry: LogDraft): Promise<void> {
        if (entry.type !== 'tool') return;
        waiting += 1;
        most = Math.max(most, waiting);
        await new Promise(setImmediate);
        waiting -= 1;
      }
    })();
    const { session } = await start('flooding', client);
    assert.equal((await session.prompt('5000 tools')).kind, 'completed');
    await session.close();
    // At the end of the turn all calls that are still open are written at once, and those are bounded.
    assert.ok(most <= 1_100, `${most} entries at once`);
  });
});
