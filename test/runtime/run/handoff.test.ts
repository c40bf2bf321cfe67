import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { processesLeft } from '../../support/processes.ts';
import { until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

const implementation = { agent: 'teammate', phase: 'implementation' };
const review = { agent: 'teammate', phase: 'review' };
const steps = ({ executions }: TaskRecord): unknown[] => executions.map(({ step, outcome }) => [step, outcome]);
const promptsIn = (folder: string): { session: string; text: string }[] =>
  readFileSync(join(folder, 'prompts'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the hand-off between phases', () => {
  it('gives the structured note of each agent to the next one (F229)', async (context) => {
    const bench = await workerBench(context);
    writeFileSync(join(bench.folder, 'fixed'), '');
    const { id } = await bench.run({ tool: undefined, title: 'Hand over', workflow: [implementation, review] });
    const done = await bench.reaches(id, 'completed_active');
    assert.deepEqual(done.executions[0]?.note, {
      done: 'Wrote the code.',
      decisions: ['Use `a` map'],
      verify: ['npm test'],
    });
    const [first, second] = promptsIn(bench.folder);
    assert.match(first?.text ?? '', /End your last message with a note for the next agent/);
    assert.match(
      second?.text ?? '',
      /Note of teammate from the step "implementation"\n\nWrote the code\.\nDecisions:\n- Use `a` map/,
    );
    assert.equal(done.executions[1]?.note?.verdict, 'accept');
  });

  it('sends the work back with the reasons, in the same sessions, until the review accepts it', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ tool: undefined, title: 'Sent back', workflow: [implementation, review] });
    const done = await bench.reaches(id, 'completed_active');
    assert.deepEqual(steps(done), [
      [0, 'completed'],
      [1, 'completed'],
      [0, 'completed'],
      [1, undefined],
    ]);
    assert.deepEqual(done.executions[1]?.sent_back, ['Fix the bug.']);
    const prompts = promptsIn(bench.folder);
    assert.match(prompts[2]?.text ?? '', /The step "review" \(teammate\) sent the work back\n\n- Fix the bug\./);
    assert.equal(prompts[2]?.session, prompts[0]?.session, 'the session of the implementation');
    assert.equal(prompts[3]?.session, prompts[1]?.session, 'the session of the review');
    assert.notEqual(prompts[0]?.session, prompts[1]?.session);
  });

  it('asks a person if the review never accepts, and continues with the answer', async (context) => {
    const bench = await workerBench(context);
    writeFileSync(join(bench.folder, 'stubborn'), '');
    const workflow = [implementation, { ...review, returns: 1 }];
    const { id } = await bench.run({ tool: undefined, title: 'Never accepted', workflow });
    await until('it asks', () => bench.store.resolve(id).approvals.some(({ status }) => status === 'pending'));
    const asking = bench.store.resolve(id);
    assert.match(asking.approvals.at(-1)?.title ?? '', /sent the work back once and still does not accept it/);
    assert.match(asking.approvals.at(-1)?.detail?.question ?? '', /^- Fix the bug\./);
    assert.equal(asking.executions.length, 4, 'two rounds');
    await bench.answer(id, 'Accept it.');
    await bench.reaches(id, 'completed_active');
    assert.equal(promptsIn(bench.folder).at(-1)?.text, 'Accept it.');
  });

  it('waits at a gate of a phase, and a rejection ends the task', async (context) => {
    const bench = await workerBench(context);
    const workflow = [
      { agent: 'SHELL', phase: 'build', instructions: 'echo built >> order' },
      { agent: 'SHELL', phase: 'deploy', instructions: 'echo deployed >> order', gate: true },
    ];
    const order = (): string => readFileSync(join(bench.folder, 'order'), 'utf8');
    const { id } = await bench.run({ tool: undefined, title: 'Gated', workflow });
    await bench.reaches(id, 'paused');
    await until('the lease is released', () => bench.store.resolve(id).lease === undefined);
    assert.equal(bench.store.resolve(id).approvals[0]?.title, 'Start the phase "deploy" with SHELL');
    assert.equal(order(), 'built\n');
    await bench.start(id);
    assert.equal(bench.store.resolve(id).pause_reason, 'approval', 'a start does not pass the gate');
    await bench.decide(id, false);
    assert.equal(bench.store.resolve(id).error_code, 'ApprovalRejected');
    await bench.restart(id);
    await until('it asks again', () => bench.store.resolve(id).approvals.some(({ status }) => status === 'pending'));
    await bench.decide(id, true);
    await bench.reaches(id, 'completed');
    assert.equal(order(), 'built\ndeployed\n', 'no finished phase is repeated');
  });
});

describe('checks', () => {
  it('send failures back to the agent with their output, and record green ones', async (context) => {
    const bench = await workerBench(context);
    const checks = ['echo looking; test -f fixed', 'echo fine'];
    const { id } = await bench.run({ tool: 'teammate', title: 'Checked', checks });
    const done = await bench.reaches(id, 'completed_active');
    const [execution] = done.executions;
    assert.deepEqual(
      execution?.checks?.map(({ command, passed, exit_code: code, output }) => [command, passed, code, output]),
      [
        [checks[0], true, 0, 'looking'],
        [checks[1], true, 0, 'fine'],
      ],
    );
    const prompts = promptsIn(bench.folder);
    assert.equal(prompts.length, 2);
    assert.match(
      prompts[1]?.text ?? '',
      /these checks failed.*`echo looking; test -f fixed` \(exit code 1\).*looking/s,
    );
    assert.doesNotMatch(prompts[1]?.text ?? '', /echo fine/);
  });

  it('are in the log after the end of the script', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'Script', instructions: 'true', checks: ['true'] });
    const { logs } = await bench.reaches(id, 'completed');
    const ends = logs.map(({ message }) => message).filter((text) => /^(The script ended|Check passed)/.test(text));
    assert.deepEqual(ends, ['The script ended with exit code 0.', 'Check passed: true']);
  });

  it('fail the task after a few attempts, and a script at once', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ tool: 'teammate', title: 'Never green', checks: ['exit 7'] });
    const failed = await bench.reaches(id, 'failed');
    assert.equal(failed.error_code, 'CheckFailed');
    assert.equal(promptsIn(bench.folder).length, 4);
    assert.equal(failed.executions[0]?.checks?.[0]?.exit_code, 7);
    const script = await bench.run({ title: 'Script', instructions: 'true', checks: ['exit 7'] });
    assert.equal((await bench.reaches(script.id, 'failed')).error_code, 'CheckFailed');
  });

  it('run before the first review, not after it', async (context) => {
    const bench = await workerBench(context);
    const workflow = [implementation, review];
    const { id } = await bench.run({ tool: undefined, title: 'Order', workflow, checks: ['test -f fixed'] });
    const done = await bench.reaches(id, 'completed_active');
    assert.deepEqual(steps(done), [
      [0, 'completed'],
      [1, undefined],
    ]);
    assert.equal(done.executions[0]?.checks?.[0]?.passed, true);
    assert.equal(done.executions[1]?.checks, undefined);
  });

  it('end with the task that is cancelled', async (context) => {
    const bench = await workerBench(context);
    const checks = ['touch began; sleep 60 & echo $! > child; wait'];
    const { id } = await bench.run({ title: 'Cancelled', instructions: 'true', checks });
    const file = join(bench.folder, 'child');
    const child = (): number => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
    await until('the check runs', () => child() > 0);
    await bench.cancel(id);
    await until('the lease is released', () => bench.store.resolve(id).lease === undefined);
    assert.equal(bench.store.resolve(id).status, 'cancelled');
    assert.deepEqual(processesLeft(id), []);
  });
});
