import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testRepository } from '../../../runtime/worktrees/repository.ts';
import { until } from '../../../support/temp-folder.ts';
import type { Scenario } from '../scenario.ts';

const again: Scenario = {
  name: 'asks once for what a person allows for the task',
  checks: ['"for this task" covers the same command', 'another command is asked about again'],
  script: [
    { tools: [{ kind: 'run', command: 'touch one.txt' }] },
    { tools: [{ kind: 'run', command: 'touch one.txt' }] },
    { tools: [{ kind: 'run', command: 'touch two.txt' }] },
    { text: 'All done.' },
  ],
  async drive(bench, check) {
    const { run } = bench;
    await bench.start('Touch');
    await bench.asks();
    await run.ok('task', 'approve', '1', '--for-task');
    const asking = await bench.asks();
    const pending = asking.approvals.filter(({ status }) => status === 'pending');
    await check('"for this task" covers the same command', () => {
      assert.equal(existsSync(join(run.folder, 'one.txt')), true);
      assert.equal(asking.approvals.length, 2);
    });
    await check('another command is asked about again', () => {
      assert.match(pending[0]?.detail?.command ?? '', /touch two\.txt/);
    });
  },
};

const always: Scenario = {
  name: 'asks once for what a person always allows',
  checks: ['"always" writes a rule for the command', '"always" covers the next command of the rule'],
  script: [
    { tools: [{ kind: 'run', command: 'touch one.txt' }] },
    { tools: [{ kind: 'run', command: 'touch one.txt' }] },
    { text: 'All done.' },
  ],
  async drive(bench, check) {
    const { run } = bench;
    await bench.start('Touch');
    await bench.asks();
    await check('"always" writes a rule for the command', async () => {
      await run.ok('task', 'approve', '1', '--remember');
    });
    const done = await bench.approveAll();
    await check('"always" covers the next command of the rule', () => {
      assert.equal(done.status, 'completed_active', done.error);
      assert.equal(done.approvals.length, 1);
      assert.match(done.approvals[0]?.rule ?? '', /touch one/);
    });
  },
};

const two: Scenario = {
  name: 'works on two tasks at once',
  checks: ['two at once: each in its own worktree'],
  script: (conversation) => {
    const own = /# Task (one|two)/.exec(conversation)?.[1] ?? 'none';
    if (conversation.includes(`I write ${own}.`)) return { text: `Done ${own}.` };
    return { text: `I write ${own}.`, tools: [{ kind: 'write', path: `${own}.txt`, content: `${own}\n` }] };
  },
  async drive(bench, check) {
    const { run } = bench;
    testRepository(run.folder).commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    await bench.start('Task one');
    await bench.start('Task two');
    await check('two at once: each in its own worktree', async () => {
      for (const [reference, own] of Object.entries({ 1: 'one', 2: 'two' })) {
        const done = await bench.approveAll(reference);
        assert.equal(done.status, 'completed_active', done.error);
        const worktree = join(run.folder, done.workspace?.path ?? 'none');
        assert.equal(readFileSync(join(worktree, `${own}.txt`), 'utf8'), `${own}\n`);
        assert.equal(existsSync(join(run.folder, `${own}.txt`)), false);
        assert.equal(existsSync(join(worktree, own === 'one' ? 'two.txt' : 'one.txt')), false);
      }
    });
  },
};

const plan: Scenario = {
  name: 'shows its plan as progress',
  checks: ['plan becomes progress'],
  script: [
    {
      tools: [
        {
          kind: 'plan',
          steps: [
            { text: 'Read', status: 'completed' },
            { text: 'Write', status: 'in_progress' },
          ],
        },
      ],
    },
    { text: 'Thinking about it.', hang: true },
  ],
  async drive(bench, check) {
    await bench.start('Plan');
    await bench.approveUntilAsked(2);
    await check('plan becomes progress', async () => {
      await until('it shows progress', async () => (await bench.task()).progress === 50, 10_000);
    });
  },
};

const question: Scenario = {
  name: 'asks a question with options',
  checks: [
    'a question shows its options',
    'an answer that fits no field is refused with the names of the fields',
    'the answer reaches the model',
  ],
  script: [
    { tools: [{ kind: 'ask', question: 'Which colour?', options: ['Blue', 'Red'] }] },
    { text: 'All done.' },
    { text: 'All done.' },
  ],
  async drive(bench, check) {
    const { run, model } = bench;
    await bench.start('Paint');
    const asking = await bench.asks();
    await check('a question shows its options', () => {
      const said = JSON.stringify(asking.approvals);
      assert.match(said, /Which colour\?/);
      assert.match(said, /Blue[\s\S]*Red/);
    });
    await check('an answer that fits no field is refused with the names of the fields', async () => {
      const names = asking.approvals[0]?.detail?.fields?.map(({ name }) => name) ?? [];
      assert.ok(names.length > 1, 'it is no form');
      const { code, stderr } = await run('task', 'answer', '1', '{"no_such_field":"Blue"}');
      assert.equal(code, 2);
      for (const name of names) assert.ok(stderr.includes(name), stderr);
    });
    await check('the answer reaches the model', async () => {
      await run.ok('task', 'answer', '1', 'Blue');
      await model.asked(2);
      const text = model.requests[1]?.text ?? '';
      // The options come before the answer, and the instructions of the agent after it.
      const end = text.lastIndexOf('Red');
      const said = text.slice(end, end + 400);
      assert.match(said, /Blue/, text.slice(-800));
      assert.doesNotMatch(said, /did not answer|declined|dismissed/i);
    });
  },
};

const model: Scenario = {
  name: 'uses the model of its task',
  checks: ['a chosen model reaches the API', 'an unknown model fails before the first call'],
  script: [{ text: 'All done.' }],
  async drive(bench, check) {
    const { run, agent } = bench;
    const { name, other } = agent;
    await run.ok('task', 'create', 'Think', '--tool', name, '--assigned-to', other.choice, '--start');
    const done = await bench.reaches(['completed_active', 'failed', 'paused', 'cancelled']);
    await check('a chosen model reaches the API', () => {
      assert.equal(done.status, 'completed_active', done.error);
      // Codex sends the tools of some models in a way that looks like a call beside the conversation.
      const asked = [...bench.model.requests, ...bench.model.sideCalls].map((request) => request.model);
      assert.ok(
        asked.some((id) => other.reaches.test(id)),
        asked.join(),
      );
    });
    await check('an unknown model fails before the first call', async () => {
      const before = bench.model.requests.length;
      await run.ok('task', 'create', 'Think', '--tool', name, '--assigned-to', 'no-such-model', '--start');
      const failed = await bench.reaches(['completed_active', 'failed', 'paused', 'cancelled'], '2');
      assert.notEqual(failed.status, 'completed_active');
      assert.equal(bench.model.requests.length, before);
    });
  },
};

export const choices: readonly Scenario[] = [again, always, model, two, question, plan];
