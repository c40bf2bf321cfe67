import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { pendingApprovals } from '../../../src/core/task/approval.ts';
import { AgentToolsDesk } from '../../../src/runtime/agent-tools/desk.ts';
import { writeQueue } from '../../../src/runtime/queue/queue-state.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../../support/worker-bench.ts';

const main = process.env.TEST_CLI ?? new URL('../../../src/cli/main.ts', import.meta.url).pathname;
const program = { command: process.execPath, args: [main] };

interface Call {
  tool: string;
  input?: object;
  asks?: boolean;
}

const lines = (calls: readonly Call[]): string =>
  calls.map((call) => JSON.stringify({ input: {}, ...call })).join('\n');

/** Runs a task whose agent makes these calls. */
async function runCalls(
  bench: WorkerBench,
  calls: readonly Call[],
  more: object = {},
): Promise<{ id: string; results: () => Promise<Record<string, unknown>[]> }> {
  const { id } = await bench.run({ title: 'Use tools', tool: 'assisted', instructions: lines(calls), ...more });
  return {
    id,
    async results() {
      const { result, error } = await bench.reaches(id, 'completed_active', 'failed');
      assert.equal(error, undefined);
      return JSON.parse(String((result as { message: string }).message));
    },
  };
}

async function messages(bench: WorkerBench, id: string): Promise<string[]> {
  return (await bench.store.getTaskLogs(id)).map(({ message }) => message);
}

describe('the tools of a task for its own agent', () => {
  const bench = (context: TestContext, options: object = {}): Promise<WorkerBench> =>
    workerBench(context, { program, ...options });

  it('report progress, take notes, create a part and hand over', async (context) => {
    const made = await bench(context);
    const { id, results } = await runCalls(
      made,
      [
        { tool: 'task_current' },
        { tool: 'task_progress', input: { percent: 40, message: 'Halfway' } },
        { tool: 'task_note', input: { text: 'The cache is cold. sk-abcdefghijklmnopqrstuvwx' } },
        {
          tool: 'task_create_part',
          input: { title: 'Warm the cache', instructions: 'Do it', acceptance: ['It is warm'] },
        },
        { tool: 'task_note', input: { task: 2, text: 'Begin here.' } },
        { tool: 'task_hand_over', input: { done: 'Half of it', open: ['The rest'], verify: ['npm test'] } },
      ],
      { constraints: { allowed_tools: ['file_operations:read'] } },
    );
    const [current, progress, , part] = await results();
    assert.equal(current?.title, 'Use tools');
    assert.deepEqual(progress, { progress: 40 });
    assert.deepEqual(part, { number: 2, title: 'Warm the cache' });
    const child = made.store.resolve('2');
    assert.equal(child.parent_id, id);
    assert.equal(child.status, 'pending');
    assert.equal(child.queued_at, undefined, 'it does not start');
    assert.deepEqual(child.constraints, { allowed_tools: ['file_operations:read'] }, 'it has no more rights');
    assert.equal(child.tool, 'assisted');
    await until('the note is in the log', async () => (await messages(made, id)).includes('Half of it'));
    const logs = await made.store.getTaskLogs(id);
    assert.ok(logs.some(({ message }) => message === 'The cache is cold. [redacted]'));
    assert.ok(logs.some(({ message, type }) => message === 'Halfway' && type === 'progress'));
    const note = logs.find(({ prefix }) => prefix === 'handover')?.metadata?.note;
    assert.deepEqual(note, { done: 'Half of it', open: ['The rest'], verify: ['npm test'] });
    assert.ok((await messages(made, '2')).includes('Begin here.'));
  });

  it('ask a person and wait for the answer', async (context) => {
    const made = await bench(context);
    const { id, results } = await runCalls(made, [
      { tool: 'task_ask', input: { question: 'Which database?', options: ['postgres', 'sqlite'] } },
    ]);
    await made.reaches(id, 'paused');
    const [question] = pendingApprovals(made.store.resolve(id));
    assert.equal(question?.kind, 'feedback');
    assert.equal(question?.title, 'Which database?');
    await made.answer(id, 'sqlite');
    assert.deepEqual(await results(), [{ answered: true, answer: 'sqlite' }]);
  });

  it('refuse the task of another agent, and log it', async (context) => {
    const made = await bench(context);
    const other = await made.store.createTask({ title: 'Other' });
    const { id, results } = await runCalls(made, [
      { tool: 'task_current', input: { task: other.number } },
      { tool: 'task_note', input: { task: other.id, text: 'Mine now' } },
      { tool: 'task_current', input: { task: 999 } },
      { tool: 'task_start', input: { tasks: [1] } },
      { tool: 'task_create_part', input: { title: 'x', dependsOn: [other.number] } },
    ]);
    const codes = (await results()).map((each) => (each.refused as { error: { code: string } }).error.code);
    assert.deepEqual(codes, [
      'ToolPermissionDenied',
      'ToolPermissionDenied',
      'ToolPermissionDenied',
      'InvalidInput',
      'InvalidInput',
    ]);
    await until('it is logged', async () =>
      (await messages(made, id)).some((message) => message.includes(`asked for the task "${other.number}"`)),
    );
    assert.ok(!(await messages(made, other.id)).includes('Mine now'));
  });

  it('need no person, unless a rule asks', async (context) => {
    const made = await bench(context);
    const part = { tool: 'task_create_part', input: { title: 'A part' }, asks: true };
    const { results } = await runCalls(made, [{ tool: 'task_note', input: { text: 'x' }, asks: true }, part]);
    assert.equal((await results()).length, 2);

    const strict = await bench(context, { settings: { rules: [{ ask: 'mcp:systemprompt' }] } });
    const asked = await runCalls(strict, [{ tool: 'task_create_part', input: { title: 'A part' } }]);
    await strict.reaches(asked.id, 'paused');
    assert.equal(pendingApprovals(strict.store.resolve(asked.id))[0]?.title, 'Create a part: A part');
    await strict.decide(asked.id, false);
    const [refused] = await asked.results();
    assert.match(JSON.stringify(refused), /ToolPermissionDenied/);
    assert.equal([...strict.store.view.all()].length, 1);
  });

  it('create parts that wait for a person while the queue plays', async (context) => {
    const made = await bench(context);
    await writeQueue(made.store.coordination, { playing: true });
    const { results } = await runCalls(made, [
      { tool: 'task_create_part', input: { title: 'A part', instructions: '' } },
    ]);
    await results();
    await until('it waits at its gate', () => pendingApprovals(made.store.resolve('2'))[0]?.kind === 'gate');
  });

  it('are missing if the settings turn them off', async (context) => {
    const made = await bench(context, { settings: { worker: { agentTools: false } } });
    const { id } = await made.run({ title: 'No tools', tool: 'assisted' });
    const { result } = await made.reaches(id, 'completed_active');
    assert.equal((result as { message: string }).message, 'No tools.');
  });

  it('are missing for a worker that cannot start the command line', async (context) => {
    const made = await workerBench(context);
    const { id } = await made.run({ title: 'No tools', tool: 'assisted' });
    const { result } = await made.reaches(id, 'completed_active');
    assert.equal((result as { message: string }).message, 'No tools.');
  });
});

describe('the socket of a worker', () => {
  async function listen(context: TestContext): Promise<{ path: string; send(line: string): Promise<string> }> {
    const desk = new AgentToolsDesk(program, silentLogger);
    context.after(() => desk.close());
    const grant = desk.grant();
    const { env } = await grant.open({ call: async () => ({ ok: true }) } as never);
    const path = String(env.SYSTEMPROMPT_TOOLS_SOCKET);
    const token = String(env.SYSTEMPROMPT_TOOLS_TOKEN);
    grant.revoke();
    return {
      path,
      async send(line) {
        const socket = connect(path);
        socket.on('error', () => {});
        socket.write(line.replace('TOKEN', token));
        const answer = await new Promise<string>((resolve) => {
          socket.once('data', (data: Buffer) => resolve(data.toString()));
          socket.once('close', () => resolve('closed'));
        });
        socket.destroy();
        return answer;
      },
    };
  }

  it('is private', async (context) => {
    const { path } = await listen(context);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  });

  it('is tried again for the next run after it could not be opened', async (context) => {
    const before = process.env.TMPDIR;
    const restore = (): void => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    };
    context.after(restore);
    const desk = new AgentToolsDesk(program, silentLogger);
    context.after(() => desk.close());
    // No path of a socket has that many characters.
    const long = join(tempFolder(context), 'x'.repeat(200));
    mkdirSync(long);
    process.env.TMPDIR = long;
    await assert.rejects(desk.grant().open({} as never));
    const [own = '', ...others] = readdirSync(long);
    assert.deepEqual([others, readdirSync(join(long, own))], [[], ['owner.json']], 'no socket is left behind');
    restore();
    assert.ok(await desk.grant().open({} as never));
  });

  it('refuses the token of an ended run, and a wrong one', async (context) => {
    const { send } = await listen(context);
    for (const token of ['TOKEN', 'x', '']) {
      const answer = await send(`${JSON.stringify({ id: 1, token, tool: 'task_current', input: {} })}\n`);
      assert.match(answer, /"code":"LeaseLost"/);
    }
  });

  it('ends a connection that sends garbage or too much', async (context) => {
    const { send } = await listen(context);
    for (const line of ['garbage\n', '{"id":-1}\n', '[]\n', 'x'.repeat(1_100_000)]) {
      assert.equal(await send(line), 'closed', line.slice(0, 20));
    }
  });
});
