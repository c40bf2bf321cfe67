import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { processesLeft } from '../../support/processes.ts';
import type { ModelTurn } from '../../support/scripted-model/turn.ts';
import { until } from '../../support/temp-folder.ts';
import { opencode as agent } from '../real/agents/opencode.ts';
import { installOrSkip } from '../real/install.ts';
import { type CliBench, cliBench } from './cli-bench.ts';

const { program, skip } = await installOrSkip(agent.package);

async function bench(context: TestContext, script: (folder: string) => ModelTurn[]): Promise<CliBench> {
  const made = await cliBench(context, program, script);
  await made.run.ok('task', 'create', 'Write hello.txt', '--assigned-to', 'OPENCODE');
  return made;
}

const writes = (folder: string): ModelTurn => ({
  text: 'I will write it.',
  tools: [{ name: 'write', input: { filePath: join(folder, 'hello.txt'), content: 'hello, world\n' } }],
  usage: { input: 1_000, output: 50 },
});

describe('OpenCode through the command line', { skip }, () => {
  it('creates a file through a permission request that a person approves, and continues the same session in a follow-up', async (context) => {
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
    const tool = open.logs.find((entry) => entry.type === 'tool' && entry.metadata?.status === 'completed');
    assert.equal(tool?.metadata?.fileName, 'hello.txt');
    assert.equal(typeof tool?.metadata?.duration, 'number');

    await run.ok('task', 'follow-up', '1', 'Thank you.');
    await model.asked(3);
    await until('it has answered', async () =>
      /You are welcome\./.test((await reaches('completed_active')).logs.map(({ message }) => message).join('')),
    );
    assert.equal(model.requests.length, 3);
    await run.ok('task', 'complete', '1');
    await until('no process is left', async () => processesLeft(open.id).length === 0);
  });

  it('leaves no process when it is cancelled in the middle', async (context) => {
    const { run, model, show, reaches, releaseTask } = await bench(context, () => [{ text: 'Thinking …', hang: true }]);
    await run.ok('task', 'start', '1');
    await model.asked(1);
    const { id } = await show();
    assert.ok(processesLeft(id).length > 0);
    await run.ok('task', 'cancel', '1');
    await reaches('cancelled');
    await until('no process is left', () => processesLeft(id).length === 0);
    await releaseTask();
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

  it('is paused as interrupted when the worker is killed, its agent is stopped, and a new start resumes it', async (context) => {
    const { run, model, show, reaches, asks } = await bench(context, (folder) => [
      { text: 'Thinking …', hang: true },
      writes(folder),
      { text: 'Done.' },
    ]);
    await run.ok('task', 'start', '1');
    await model.asked(1);
    const { lease, id } = await show();
    assert.ok(lease !== undefined);
    process.kill(lease.pid, 'SIGKILL');
    // Commands that only read leave the task of a dead worker as it is.
    await until('it is paused', async () => {
      await run.ok('doctor', '--fix');
      return (await show()).status === 'paused';
    });
    const paused = await show();
    assert.equal(paused.error_code, 'Interrupted');
    assert.deepEqual(processesLeft(id), [], 'the agent did not outlive its worker');
    await run.ok('task', 'start', '1');
    await asks();
    await run.ok('task', 'approve', '1');
    await reaches('completed_active');
    assert.equal(existsSync(join(run.folder, 'hello.txt')), true);
  });
});
