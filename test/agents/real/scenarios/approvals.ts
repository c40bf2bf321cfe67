import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../support/temp-folder.ts';
import { DUMMY_KEY } from '../agents/agent.ts';
import type { Scenario } from '../scenario.ts';

const pendingOf = <T extends { status: string }>({ approvals }: { approvals: readonly T[] }): T => {
  const found = approvals.find(({ status }) => status === 'pending');
  assert.ok(found !== undefined, 'nothing is pending');
  return found;
};

const walk: Scenario = {
  name: 'asks for approval, works, answers a follow-up',
  checks: [
    'asks before it writes a file, with the diff',
    'asks before it runs a command, with the command',
    'logs a written file with its text and the duration',
    'logs the diff of a written file',
    'logs a command with its output',
    "ends with the agent's own answer",
    'follow-up with the context',
    'counts the tokens of two turns exactly',
    'counts calls beside the conversation',
    'reports the cost',
    'keeps its key out of log, task and command output',
    'completed: no process is left',
  ],
  script: [
    { tools: [{ kind: 'write', path: 'hello.txt', content: 'hello\n' }], usage: { input: 1_000, output: 50 } },
    { tools: [{ kind: 'run', command: 'printenv && expr 40000 + 2424' }], usage: { input: 2_000, output: 7 } },
    { text: 'All done.', usage: { input: 3_000, output: 9 } },
    { text: 'You are welcome.', usage: { input: 4_000, output: 11 } },
  ],
  async drive(bench, check) {
    const { run, model } = bench;
    const file = join(run.folder, 'hello.txt');
    await bench.start('Write hello.txt');
    await check('asks before it writes a file, with the diff', async () => {
      const asking = await bench.asks();
      assert.deepEqual([asking.status, asking.pause_reason], ['paused', 'approval']);
      const asked = pendingOf(asking);
      assert.equal(existsSync(file), false, 'the file exists before the approval');
      assert.equal(asked.detail?.diffs?.[0]?.newText, 'hello\n');
      await run.ok('task', 'approve', '1');
      await bench.approveUntilAsked(2);
    });
    await check('asks before it runs a command, with the command', async () => {
      const asked = pendingOf(await bench.asks());
      assert.match(asked.detail?.command ?? '', /printenv && expr/);
      await run.ok('task', 'approve', '1');
    });
    const done = await bench.approveAll();
    assert.equal(done.status, 'completed_active', done.error);
    assert.equal(readFileSync(file, 'utf8'), 'hello\n');
    const logs = await bench.logs();
    const tools = logs.filter(({ type, metadata }) => type === 'tool' && metadata?.status === 'completed');
    const written = tools.find(({ metadata }) => metadata?.fileName === 'hello.txt')?.metadata;
    await check('logs a written file with its text and the duration', () => {
      assert.ok(written !== undefined, 'no entry names the file');
      assert.equal(typeof written.duration, 'number');
      assert.match(JSON.stringify(written), /hello\\n|\+hello/);
    });
    await check('logs the diff of a written file', () => {
      assert.ok(written?.diffs !== undefined || written?.diff !== undefined);
    });
    await check('logs a command with its output', () => {
      const entry = tools.find((candidate) => JSON.stringify(candidate).includes('printenv'))?.metadata;
      assert.ok(entry !== undefined, 'no entry names the command');
      assert.match(JSON.stringify(entry.toolOutput ?? ''), /42424/);
    });
    await check("ends with the agent's own answer", () => {
      assert.deepEqual(
        logs.filter(({ type }) => type === 'agent').map(({ message }) => message),
        ['Next.', 'Next.', 'All done.'],
      );
      assert.deepEqual(done.result, { message: 'All done.' });
    });
    await run.ok('task', 'follow-up', '1', 'Thank you.');
    await model.asked(4);
    await bench.reaches('completed_active');
    await check('follow-up with the context', async () => {
      assert.match(model.requests[3]?.text ?? '', /Write hello\.txt[\s\S]*All done\.[\s\S]*Thank you\./);
      // A message that pauses for two seconds is logged in parts.
      assert.match((await bench.logs()).map(({ message }) => message).join(''), /You are welcome\./);
      assert.equal((await bench.task()).executions.length, 1);
    });
    // Some agents write the last calls down some seconds later; until then the spend is a lower bound.
    await until('the spend is complete', async () => (await bench.task()).usage?.estimated !== true);
    const { usage } = await bench.task();
    const turns = { input: 10_000, output: 77 };
    await check('counts the tokens of two turns exactly', () => {
      const beside = { input: model.spent.input - turns.input, output: model.spent.output - turns.output };
      const told = { input: usage?.input_tokens, output: usage?.output_tokens };
      const withSide = { input: turns.input + beside.input, output: turns.output + beside.output };
      const exact = [turns, withSide].some((sum) => sum.input === told.input && sum.output === told.output);
      assert.ok(exact, `${JSON.stringify(usage)} of ${JSON.stringify(turns)}, ${JSON.stringify(beside)} beside`);
      assert.equal(usage?.estimated, undefined);
    });
    await check('counts calls beside the conversation', () => {
      assert.deepEqual([usage?.input_tokens, usage?.output_tokens], [model.spent.input, model.spent.output]);
    });
    await check('reports the cost', () => assert.ok((usage?.cost_usd ?? 0) > 0));
    await check('keeps its key out of log, task and command output', async () => {
      const shown = [await run.ok('task', 'show', '1', '--json'), await run.ok('task', 'logs', '1')];
      const kept = filesBelow(join(run.folder, '.systemprompt'));
      for (const text of [...shown, ...kept]) assert.equal(text.includes(DUMMY_KEY), false, 'the key is there');
    });
    await check('completed: no process is left', async () => {
      await run.ok('task', 'complete', '1');
      await until('no process is left', async () => (await bench.left()).length === 0);
    });
  },
};

const rejection: Scenario = {
  name: 'goes on after a rejection',
  checks: [
    'a rejection stops the action',
    'the reason of a rejection reaches the model',
    'the task continues after a rejection',
  ],
  script: [
    { tools: [{ kind: 'write', path: 'hello.txt', content: 'hello\n' }] },
    { text: 'I understand.' },
    { text: 'I understand.' },
  ],
  async drive(bench, check) {
    const { run, model } = bench;
    await bench.start('Write hello.txt');
    await bench.asks();
    await run.ok('task', 'reject', '1', '--reason', 'Use the marmalade folder.');
    const ended = await bench.reaches(['completed_active', 'completed', 'failed', 'cancelled', 'paused']);
    await check('a rejection stops the action', () => {
      assert.equal(existsSync(join(run.folder, 'hello.txt')), false);
    });
    await check('the reason of a rejection reaches the model', () => {
      assert.match(model.requests.at(-1)?.text ?? '', /Use the marmalade folder\./);
      assert.ok(model.requests.length > 1);
    });
    await check('the task continues after a rejection', () => {
      assert.equal(ended.status, 'completed_active', ended.error);
    });
  },
};

const policy: Scenario = {
  name: 'keeps to the allowed tools of its task',
  checks: ['a refusal by the allowed tools stops the action', 'the task continues after a refusal'],
  script: [
    { tools: [{ kind: 'write', path: 'hello.txt', content: 'hello\n' }] },
    { text: 'I understand.' },
    { text: 'I understand.' },
  ],
  async drive(bench, check) {
    await bench.start('Write hello.txt', '--allowed-tools', 'file_operations:read');
    const ended = await bench.reaches(['completed_active', 'completed', 'failed', 'cancelled', 'paused']);
    await check('a refusal by the allowed tools stops the action', () => {
      assert.equal(existsSync(join(bench.run.folder, 'hello.txt')), false);
      assert.deepEqual(ended.approvals, [], 'a person was asked for a forbidden tool');
    });
    await check('the task continues after a refusal', () => {
      assert.equal(ended.status, 'completed_active', ended.error);
      assert.ok(bench.model.requests.length > 1);
    });
  },
};

const unasked: Scenario = {
  name: 'keeps to the allowed tools with a command that it would not ask about',
  checks: ['a forbidden command that only reads does not run', 'the task continues after a forbidden command'],
  script: [
    { tools: [{ kind: 'run', command: 'cat notes.txt' }] },
    { text: 'I understand.' },
    { text: 'I understand.' },
  ],
  async drive(bench, check) {
    writeFileSync(join(bench.run.folder, 'notes.txt'), 'marmalade\n');
    await bench.start('Read the notes', '--allowed-tools', 'file_operations:read');
    const ended = await bench.reaches(['completed_active', 'completed', 'failed', 'cancelled', 'paused']);
    await check('a forbidden command that only reads does not run', () => {
      assert.doesNotMatch(bench.model.requests.at(-1)?.text ?? '', /marmalade/);
    });
    await check('the task continues after a forbidden command', () => {
      assert.equal(ended.status, 'completed_active', ended.error);
      assert.ok(bench.model.requests.length > 1);
    });
  },
};

export const approvals: readonly Scenario[] = [walk, rejection, policy, unasked];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
