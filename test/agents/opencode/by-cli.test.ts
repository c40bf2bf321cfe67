import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Cli, cli } from '../../cli/cli.ts';
import { processesLeft } from '../../support/processes.ts';
import { type ModelTurn, type ScriptedModel, startScriptedModel } from '../../support/scripted-model.ts';
import { until } from '../../support/temp-folder.ts';
import { opencodeEnv } from './harness.ts';
import { opencodeOrSkip } from './install.ts';

const { program, skip } = await opencodeOrSkip();

interface Shown {
  id: string;
  status: string;
  error?: string;
  error_code?: string;
  pause_reason?: string;
  approvals: { number: number; status: string; detail?: { files?: string[]; diffs?: unknown[] } }[];
  lease?: { pid: number };
  usage?: { total_tokens?: number; input_tokens?: number };
  logs: { message: string; type: string; metadata?: Record<string, unknown> }[];
}

interface Bench {
  readonly run: Cli;
  readonly model: ScriptedModel;
  show(): Promise<Shown>;
  reaches(...statuses: string[]): Promise<Shown>;
  asks(): Promise<Shown>;
}

/** The whole product between a person's command line and a model that follows a script: nothing in between is a fake. */
async function bench(context: TestContext, script: (folder: string) => ModelTurn[]): Promise<Bench> {
  const turns: ModelTurn[] = [];
  const model = await startScriptedModel(turns);
  context.after(() => model.close());
  const opencode = await opencodeEnv(program, model);
  context.after(() => opencode.remove());
  const before = { ...process.env };
  Object.assign(process.env, opencode.env);
  context.after(() => {
    for (const name of Object.keys(opencode.env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  const run = cli(context);
  turns.push(...script(run.folder));
  await run.ok('task', 'create', 'Write hello.txt', '--assigned-to', 'OPENCODE');
  const show = (): Promise<Shown> => run.json<Shown>('task', 'show', '1');
  const reaches = async (...statuses: string[]): Promise<Shown> => {
    let shown = await show();
    await until(
      `the task is ${statuses.join(' or ')}`,
      async () => {
        shown = await show();
        return statuses.includes(shown.status);
      },
      60_000,
    ).catch((error) => assert.fail(`${error.message} It is ${shown.status}: ${shown.error}`));
    return shown;
  };
  const asks = async (): Promise<Shown> => {
    await until('it asks', async () => (await show()).approvals.some(({ status }) => status === 'pending'), 60_000);
    return show();
  };
  return { run, model, show, reaches, asks };
}

const writes = (folder: string): ModelTurn => ({
  text: 'I will write it.',
  tools: [{ name: 'write', input: { filePath: join(folder, 'hello.txt'), content: 'hello, world\n' } }],
  usage: { input: 1_000, output: 50 },
});

describe('the real OpenCode, by the command line', { skip }, () => {
  it('creates a file through a permission request that a person approves; a follow-up goes into the same session', async (context) => {
    const { run, asks, reaches, model } = await bench(context, (folder) => [
      writes(folder),
      { text: 'Done.' },
      { text: 'You are welcome.' },
    ]);
    await run.ok('task', 'start', '1');
    const asking = await asks();
    assert.equal(asking.status, 'paused');
    assert.equal(asking.pause_reason, 'approval');
    assert.equal(asking.approvals[0]?.detail?.diffs?.length, 1);
    const file = join(run.folder, 'hello.txt');
    assert.equal(existsSync(file), false, 'nothing is written before it is approved');
    await run.ok('task', 'approve', '1', '--request', '1', '--notes', 'fine');
    const open = await reaches('completed_active');
    assert.equal(readFileSync(file, 'utf8'), 'hello, world\n');
    assert.ok(open.logs.some((entry) => entry.message === 'Done.'));
    const tool = open.logs.find((entry) => entry.type === 'tool' && entry.metadata?.['status'] === 'completed');
    assert.equal(tool?.metadata?.['fileName'], 'hello.txt');
    assert.equal(typeof tool?.metadata?.['duration'], 'number');

    await run.ok('task', 'follow-up', '1', 'Thank you.');
    await until(
      'it has answered',
      async () => (await reaches('completed_active')).logs.some((e) => e.message === 'You are welcome.'),
      30_000,
    );
    assert.equal(model.requests.length, 3);
    await run.ok('task', 'complete', '1');
    await until('no process is left', async () => processesLeft(open.id).length === 0);
  });

  it('leaves the file alone when the request is rejected', async (context) => {
    const { run, asks, reaches } = await bench(context, (folder) => [writes(folder), { text: 'As you wish.' }]);
    await run.ok('task', 'start', '1');
    await asks();
    await run.ok('task', 'reject', '1', '--reason', 'not now');
    const shown = await reaches('completed_active', 'completed', 'failed', 'cancelled');
    assert.equal(existsSync(join(run.folder, 'hello.txt')), false);
    assert.equal(shown.approvals[0]?.status, 'rejected');
  });

  it('leaves no process when it is cancelled in the middle', async (context) => {
    const { run, model, show, reaches } = await bench(context, () => [{ text: 'Thinking …', hang: true }]);
    await run.ok('task', 'start', '1');
    await model.asked(1);
    const { id } = await show();
    assert.ok(processesLeft(id).length > 0);
    await run.ok('task', 'cancel', '1');
    await reaches('cancelled');
    await until('no process is left', () => processesLeft(id).length === 0);
    await until('it is let go of', async () => (await show()).lease === undefined);
  });

  it('fails with the reason when the agent is killed', async (context) => {
    const { run, model, show, reaches } = await bench(context, () => [{ text: 'Thinking …', hang: true }]);
    await run.ok('task', 'start', '1');
    await model.asked(1);
    for (const row of processesLeft((await show()).id)) process.kill(Number.parseInt(row, 10), 'SIGKILL');
    const failed = await reaches('failed');
    assert.equal(failed.error_code, 'AgentCrashed');
    assert.match(failed.error ?? '', /SIGKILL/);
  });

  it('is paused as interrupted when the worker is killed, its agent ended, and goes on when it is started again', async (context) => {
    const { run, model, show, reaches } = await bench(context, (folder) => [
      { text: 'Thinking …', hang: true },
      writes(folder),
      { text: 'Done.' },
    ]);
    await run.ok('task', 'start', '1');
    await model.asked(1);
    const { lease, id } = await show();
    assert.ok(lease !== undefined);
    process.kill(lease.pid, 'SIGKILL');
    const paused = await reaches('paused');
    assert.equal(paused.error_code, 'Interrupted');
    assert.deepEqual(processesLeft(id), [], 'the agent did not outlive its worker');
    await run.ok('task', 'start', '1');
    await until('it asks', async () => (await show()).approvals.some(({ status }) => status === 'pending'), 60_000);
    await run.ok('task', 'approve', '1');
    await reaches('completed_active');
    assert.equal(existsSync(join(run.folder, 'hello.txt')), true);
  });
});
