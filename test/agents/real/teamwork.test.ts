/** Several runs of a real agent for one result: a race, feedback in a running task, and parts that are merged back. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type TestRepository, testRepository } from '../../runtime/worktrees/repository.ts';
import { opencode as agent } from './agents/opencode.ts';
import { type Bench, makeBench, Releases, type Script, type Step } from './bench.ts';
import { installOrSkip } from './install.ts';

const { program, skip } = await installOrSkip(agent.package);

interface Team {
  readonly bench: Bench;
  readonly repository: TestRepository;
}

async function team(context: TestContext, script: Script): Promise<Team> {
  const releases = new Releases();
  context.after(() => releases.run());
  const bench = await makeBench(releases, agent, program, script);
  const repository = testRepository(bench.run.folder);
  repository.commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
  return { bench, repository };
}

/** Writes one file in the first turn, and then answers. */
function writes(conversation: string, path: string, content: string): Step {
  if (conversation.includes('I write it.')) return { text: 'All done.' };
  return { text: 'I write it.', tools: [{ kind: 'write', path, content }] };
}

const create = ['--assigned-to', agent.name, '--approvals', 'none'];

describe('teamwork of the real OpenCode', { skip, concurrency: 3 }, () => {
  it('races two attempts, of which a person picks one', async (context) => {
    const { bench, repository } = await team(context, (conversation) =>
      writes(conversation, 'result.txt', `${basename(agent.cwdIn(conversation) ?? 'nowhere')}\n`),
    );
    const { run } = bench;
    await run.ok('task', 'create', 'Write it', ...create);
    await run.ok('task', 'race', '1', '--n', '2');
    for (const entrant of ['2', '3']) await bench.reaches(['completed', 'completed_active'], entrant);
    const shown = await run.ok('task', 'race', 'show', '1');
    assert.match(shown, /#2 +OPENCODE .*1 file \+1 -0/);
    assert.match(shown, /#3 +OPENCODE .*1 file \+1 -0/);
    const [one, two] = await Promise.all(['2', '3'].map((entrant) => bench.task(entrant)));
    assert.notEqual(one?.executions[0]?.session_id, two?.executions[0]?.session_id);
    await run.ok('task', 'race', 'pick', '3');
    assert.equal((await bench.task('1')).status, 'completed');
    await bench.released('2');
    await run.ok('task', 'merge', '1');
    assert.match(repository.git('show', 'main:result.txt'), /^3-/);
    const lost = (await bench.task('2')).workspace?.discarded_ref;
    assert.match(repository.git('show', `${lost}:result.txt`), /^2-/, 'the other attempt is kept');
    for (const entrant of ['2', '3']) assert.deepEqual(await bench.left(entrant), []);
  });

  it('receives feedback in the session of a running task', async (context) => {
    const { bench } = await team(context, [{ text: 'I think.', held: true }, { text: 'I use blue.' }]);
    const { run, model } = bench;
    await run.ok('task', 'create', 'Paint it', ...create, '--start');
    await model.asked(1);
    await run.ok('task', 'follow-up', '1', 'Use blue, not red.');
    assert.equal((await bench.task()).status, 'in_progress');
    assert.equal(model.requests.length, 1, 'the running turn goes on');
    model.release();
    await model.asked(2);
    assert.match(model.requests[1]?.text ?? '', /Paint it[\s\S]*I think\.[\s\S]*Use blue, not red\./);
    const done = await bench.reaches('completed_active');
    assert.equal(done.executions.length, 1, 'it is one session');
    assert.deepEqual(done.result, { message: 'I use blue.' });
    await run.ok('task', 'complete', '1');
    await bench.released();
  });

  it('splits a task, runs its parts, and merges their results back', async (context) => {
    const { bench, repository } = await team(context, (conversation) => {
      const name = /# Write (one|two)\.txt/.exec(conversation)?.[1] ?? 'none';
      return writes(conversation, `${name}.txt`, `${name}\n`);
    });
    const { run } = bench;
    const instructions = '- [ ] Write one.txt\n- [ ] Write two.txt\n';
    await run.ok('task', 'create', 'Write both', ...create, '--instructions', instructions);
    await run.ok('task', 'split', '1', '--num-subtasks', '2', '--start');
    for (const part of ['2', '3']) {
      const { status } = await bench.reaches(['completed', 'completed_active'], part);
      if (status === 'completed_active') await run.ok('task', 'complete', part);
      await bench.released(part);
    }
    const { usage } = await run.json<{ usage: { total_tokens: number } }>('task', 'merge-parts', '1');
    const { input, output } = bench.model.spent;
    assert.equal(usage.total_tokens, input + output, 'the parent has the spend of its parts');
    await run.ok('task', 'merge', '1');
    for (const name of ['one', 'two']) assert.equal(repository.git('show', `main:${name}.txt`), name);
  });
});
