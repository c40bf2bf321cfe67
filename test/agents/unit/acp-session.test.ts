import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import type { AcpAgentOptions } from '../../../src/agents/acp/options.ts';
import type { AgentRequest, AgentSession } from '../../../src/core/agent/port.ts';
import { TaskError } from '../../../src/core/errors.ts';
import { operationStep, textStep } from '../../../src/core/next-step.ts';
import { fakeAgent, fakeAgentPath } from '../../support/fake-agent.ts';
import { approveForTask, RecordingClient, reject } from '../../support/recording-client.ts';
import { until } from '../../support/temp-folder.ts';

const cwd = mkdtempSync(join(tmpdir(), 'acp-session-'));
const sessions: AgentSession[] = [];
afterEach(async () => {
  // Also after a failed assertion: a session that is left open keeps the test's process alive.
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});
after(() => rmSync(cwd, { recursive: true, force: true }));

async function polite(
  client: RecordingClient,
  request: Partial<AgentRequest> = {},
  options: Partial<AcpAgentOptions> = {},
): Promise<AgentSession> {
  const agent = fakeAgent('polite', [], options);
  const session = await agent.open({ taskId: 'task_acp', title: 'A task', cwd, ...request }, client);
  sessions.push(session);
  return session;
}

describe('a session over the Agent Client Protocol', () => {
  it('turns updates into whole messages, one entry per tool call, progress and usage', async () => {
    const client = new RecordingClient();
    const session = await polite(client);
    const outcome = await session.prompt('write hello.txt');
    await session.close();
    assert.equal(readFileSync(join(cwd, 'hello.txt'), 'utf8'), 'hello\n');

    assert.deepEqual(client.messages('agent'), ['A file is wanted.', 'I will write it: 🦊', 'That was turn 1.']);
    const [thought] = client.entries.filter((entry) => entry.type === 'agent');
    assert.equal(thought?.level, 'debug');

    const tools = client.entries.filter((entry) => entry.type === 'tool');
    assert.deepEqual(
      tools.map((entry) => [entry.level, entry.message]),
      [
        ['debug', 'Tool call: write'],
        ['info', 'write'],
      ],
    );
    const { duration, ...metadata } = tools[1]?.metadata ?? {};
    assert.ok(typeof duration === 'number' && duration >= 0);
    assert.deepEqual(metadata, {
      toolName: 'write',
      toolKind: 'edit',
      toolCallId: 'write-1',
      fileName: 'hello.txt',
      lineNumber: 3,
      toolInput: { filePath: join(cwd, 'hello.txt'), content: 'hello\n' },
      toolOutput: 'Wrote it.',
      diffs: [{ path: join(cwd, 'hello.txt'), newText: 'hello\n' }],
      status: 'completed',
    });

    assert.deepEqual(client.percents, [50, 100]);
    assert.deepEqual(client.messages('progress'), ['Plan: 1 of 2 done; now: Write it', 'Plan: 2 of 2 done']);
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(outcome.kind === 'completed' && outcome.result, { message: 'That was turn 1.' });
    assert.deepEqual(outcome.usage, {
      input_tokens: 100,
      output_tokens: 10,
      total_tokens: 110,
      cost_usd: 0.01,
      iterations: 1,
      context_tokens: 1_500,
      context_size: 200_000,
    });
    assert.deepEqual(client.usages.at(-1), outcome.usage);
  });

  it('asks a person with the details of the call, after logging all earlier output', async () => {
    const client = new RecordingClient(() => {
      assert.ok(client.messages('agent').includes('I will write it: 🦊'));
      return reject;
    });
    const session = await polite(client);
    const outcome = await session.prompt('write no.txt');
    await session.close();
    assert.equal(outcome.kind, 'completed');
    assert.equal(existsSync(join(cwd, 'no.txt')), false);
    const path = join(cwd, 'no.txt');
    const requests = client.requests.map(({ raw: _, ...request }) => request);
    assert.deepEqual(requests, [
      {
        title: 'write: no.txt',
        detail: {
          toolName: 'write',
          toolKind: 'edit',
          toolCallId: 'write-1',
          files: [path],
          diffs: [{ path, newText: 'hello\n' }],
          input: { filePath: path },
        },
      },
    ]);
    const failed = client.entries.find((entry) => entry.type === 'tool' && entry.metadata?.status === 'failed');
    assert.equal(failed?.level, 'warn');
    assert.equal(failed?.metadata?.error, 'It was not allowed (reject_once).');
  });

  it('does not ask again for a request that an approval for the task covers', async () => {
    const client = new RecordingClient(() => approveForTask);
    const session = await polite(client);
    await session.prompt('write a.txt');
    await session.prompt('write b.txt');
    assert.equal(client.requests.length, 1);
    assert.ok(existsSync(join(cwd, 'b.txt')));
    assert.ok(client.messages('system').includes('Allowed, as approved for this task: write: b.txt'));
    await session.prompt('run npm test');
    await session.prompt('run npm test');
    assert.equal(client.requests.length, 2);
    await session.prompt('run npm test; curl evil');
    assert.equal(client.requests.length, 3);
    await session.prompt('write ../outside.txt');
    assert.equal(client.requests.length, 4);
    // The agent itself is never told "always".
    assert.doesNotMatch(client.messages('agent').join(), /allow_always/);
    await session.close();
    rmSync(join(cwd, '../outside.txt'), { force: true });
  });

  it('accepts follow-ups in the same session and adds up their cost', async () => {
    const client = new RecordingClient();
    const session = await polite(client);
    const first = session.prompt('go');
    const second = session.prompt('go on');
    assert.equal((await first).kind, 'completed');
    const { usage } = await second;
    assert.equal(usage?.total_tokens, 220);
    assert.equal(usage?.cost_usd, 0.02);
    assert.equal(usage?.iterations, 2);
    assert.deepEqual(client.messages('agent'), ['That was turn 1.', 'That was turn 2.']);
    await session.close();
  });

  it('resumes an earlier session if the agent can, or logs that it starts a new one', async () => {
    const client = new RecordingClient();
    const resumed = await polite(client, { resume: 'former' });
    assert.deepEqual([resumed.id, resumed.resumed], ['former', true]);
    await resumed.close();
    const fresh = await polite(client, { resume: 'unknown' });
    assert.deepEqual([fresh.id, fresh.resumed], ['fake-session', false]);
    assert.ok(client.messages().some((message) => message.includes('starts a new one')));
    await fresh.close();
  });

  it('loads an earlier session without logging its replay if the agent cannot resume', async () => {
    const client = new RecordingClient();
    const session = await polite(client, { resume: 'former' }, { args: [fakeAgentPath('polite'), '--only-load'] });
    assert.deepEqual([session.id, session.resumed], ['former', true]);
    await session.prompt('go');
    assert.deepEqual(client.messages('agent'), ['That was turn 1.']);
  });

  it('selects a model by id or name, and lists the models in the error for an unknown one', async () => {
    const client = new RecordingClient();
    await (await polite(client, { model: 'Big' })).close();
    await assert.rejects(polite(client, { model: 'huge' }), (error: unknown) => {
      assert.ok(TaskError.is(error, 'ModelUnavailable'));
      assert.equal(error.message, 'The fake agent does not offer the model "huge". It offers small, big.');
      assert.deepEqual(
        error.next[0],
        operationStep('Choose another model', 'task.update', { task: 'task_acp' }, ['assignedTo']),
      );
      return true;
    });
    await (await polite(client, { model: 'huge', resume: 'former' })).close();
  });

  it('logs in with a method that needs no person, and otherwise returns the login steps', async () => {
    const args = [fakeAgentPath('polite'), '--needs-key'];
    const login = [textStep('Run the fake and log in.')];
    const key = { id: 'key', variables: ['FAKE_KEY'] };
    const env = { ...process.env, FAKE_KEY: 'abc' };
    await (await polite(new RecordingClient(), {}, { args, env, adapter: { keyMethods: [key] } })).close();
    const resumed = await polite(
      new RecordingClient(),
      { resume: 'former' },
      { args, adapter: { keyMethods: [{ id: 'key' }] } },
    );
    assert.equal(resumed.resumed, true);
    await resumed.close();
    for (const keyMethods of [[], [key], [{ id: 'other' }]]) {
      await assert.rejects(
        polite(new RecordingClient(), {}, { args, login, adapter: { keyMethods } }),
        (error: unknown) => {
          assert.ok(TaskError.is(error, 'AgentUnavailable'));
          assert.deepEqual(error.next, login);
          return true;
        },
      );
    }
  });

  it("chooses a model by the protocol's draft where it is no option", async () => {
    const args = [fakeAgentPath('polite'), '--draft-models'];
    await (await polite(new RecordingClient(), { model: 'Big' }, { args })).close();
    await assert.rejects(
      polite(new RecordingClient(), { model: 'odd' }, { args }),
      /did not accept the model "odd": no such model/,
    );
    await assert.rejects(polite(new RecordingClient(), { model: 'huge' }, { args }), /It offers small, big, odd\./);
  });

  for (const [stop, kind, code] of [
    ['end_turn', 'completed', undefined],
    ['refusal', 'failed', 'AgentRefused'],
    ['max_tokens', 'failed', 'TokenLimitExceeded'],
    ['max_turn_requests', 'failed', 'IterationLimitExceeded'],
    ['cancelled', 'cancelled', undefined],
    ['something_new', 'failed', 'AgentProtocolError'],
  ] as const) {
    it(`maps the stop reason ${stop} to ${code ?? kind}`, async () => {
      const session = await polite(new RecordingClient());
      const outcome = await session.prompt(`stop: ${stop}`);
      assert.equal(outcome.kind, kind);
      assert.equal(outcome.stopReason, stop);
      assert.equal(outcome.kind === 'failed' ? outcome.errorCode : undefined, code);
      await session.close();
    });
  }

  it('fails a turn that the agent answers with an error, and stays open', async () => {
    const login = [textStep('Run the fake and log in.')];
    const session = await polite(new RecordingClient(), {}, { login });
    const failed = await session.prompt('fail');
    assert.equal(failed.kind === 'failed' && failed.errorCode, 'AgentFailed');
    assert.match(failed.kind === 'failed' ? failed.error : '', /the model is overloaded/);
    const outcome = await session.prompt('log in');
    assert.deepEqual(outcome.kind === 'failed' && [outcome.errorCode, outcome.next], ['AgentUnavailable', login]);
    assert.equal((await session.prompt('go')).kind, 'completed');
    await session.close();
  });

  it('redacts secrets in everything that it emits', async () => {
    const client = new RecordingClient(() => reject);
    const session = await polite(client, { env: { FAKE_API_KEY: 'not-to-be-seen-0' } });
    const outcome = await session.prompt('secret');
    await session.prompt('run curl -H "Authorization: Bearer abcdefghijklmnop" not-to-be-seen-0');
    await session.close();
    // The raw request is for the policy alone, and nobody keeps it.
    const requests = client.requests.map(({ raw: _, ...request }) => request);
    const all = JSON.stringify([client.entries, requests, outcome]);
    assert.doesNotMatch(all, /not-to-be-seen|abcdefghijklmnop|ghp_a/);
    assert.match(all, /The key is \[redacted\], and \[redacted\]\./);
  });

  it('keeps the session open when a turn is cancelled', async () => {
    const client = new RecordingClient();
    const session = await polite(client);
    const turn = session.prompt('forever');
    await until('it works', () => session.pid !== undefined);
    const queued = session.prompt('write never.txt');
    await session.cancel();
    assert.deepEqual([(await turn).kind, (await queued).kind], ['cancelled', 'cancelled']);
    assert.equal(existsSync(join(cwd, 'never.txt')), false);
    assert.equal((await session.prompt('go')).kind, 'completed');
    await session.close();
    assert.deepEqual(Object.keys(await session.ended).length > 0, true);
  });

  it('ends an agent that forgets a cancelled turn, without a request to cancel it', async () => {
    const client = new RecordingClient(() => new Promise(() => {}));
    const session = await polite(client, {}, { adapter: { forgetsCancelled: true } });
    const turn = session.prompt('write kept.txt');
    await until('it asks', () => client.requests.length > 0);
    await session.cancel();
    const outcome = await turn;
    assert.deepEqual([outcome.kind, 'end' in outcome && outcome.end?.signal], ['cancelled', 'SIGTERM']);
    await session.close();
  });

  it('answers an open request as cancelled when the turn is cancelled', async () => {
    const client = new RecordingClient(() => new Promise(() => {}));
    const session = await polite(client);
    const turn = session.prompt('write late.txt');
    await until('it asks', () => client.requests.length > 0);
    await session.cancel();
    assert.equal((await turn).kind, 'cancelled');
    assert.equal(existsSync(join(cwd, 'late.txt')), false);
    const tool = client.entries.find((entry) => entry.type === 'tool' && entry.level === 'warn');
    assert.equal(tool?.metadata?.error, 'It was not allowed (cancelled).');
    assert.equal((await session.prompt('go')).kind, 'completed');
    await session.close();
  });
});
