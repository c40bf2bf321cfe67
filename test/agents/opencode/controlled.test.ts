import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { processesLeft } from '../../support/processes.ts';
import { until } from '../../support/temp-folder.ts';
import { opencode as agent } from '../real/agents/opencode.ts';
import { installOrSkip } from '../real/install.ts';
import { cliBench, repositoryIn, running, textOf, worktreeOf, writing } from './cli-bench.ts';

const { program, skip } = await installOrSkip(agent.package);

const ended = ['completed_active', 'failed', 'paused'];

describe('OpenCode under the controls of a task, through the command line', { skip, concurrency: 3 }, () => {
  it('works in a worktree, shows the result and merges it into the current branch', async (context) => {
    const bench = await cliBench(context, program, [writing('hello.txt', 'hello\n'), { text: 'Done.' }]);
    const { run, reaches, asks } = bench;
    const repository = repositoryIn(bench);
    await run.ok('task', 'create', 'Write hello', '--assigned-to', 'OPENCODE');
    await run.ok('task', 'start', '1');
    const asking = await asks();
    await run.ok('task', 'approve', '1');
    await reaches('completed_active');
    const worktree = worktreeOf(bench, asking);
    assert.equal(readFileSync(join(worktree, 'hello.txt'), 'utf8'), 'hello\n');
    assert.equal(existsSync(join(repository.folder, 'hello.txt')), false, 'nothing is in the folder of the person');
    assert.match(await run.ok('task', 'diff', '1'), /\+\+\+ b\/hello\.txt\n@@ .*@@\n\+hello\n/);
    await run.ok('task', 'complete', '1');
    await bench.releaseTask();
    assert.match(await run.ok('task', 'merge', '1'), /^Merged #1 Write hello: 1 file, at /);
    assert.equal(readFileSync(join(repository.folder, 'hello.txt'), 'utf8'), 'hello\n');
    assert.equal(repository.git('status', '--porcelain'), '');
    assert.equal(existsSync(worktree), false);
  });

  it('runs two tasks at once without exposing unfinished work of one to the other', async (context) => {
    const bench = await cliBench(
      context,
      program,
      // Each task gets its turns by how far its own conversation is, whoever comes first.
      Array.from({ length: 6 }, () => ({
        reply: (conversation: string) => {
          const own = /# Task (one|two)/.exec(conversation)?.[1] ?? 'none';
          const steps = [writing(`${own}.txt`, `${own}\n`), running('ls *.txt; sleep 0'), { text: `Done ${own}.` }];
          return steps[conversation.match(/"role":"tool"/g)?.length ?? 0] ?? { text: 'Nothing.' };
        },
      })),
      { edit: 'allow' },
    );
    const { run, asks, reaches, model } = bench;
    const repository = repositoryIn(bench);
    // The agent's own permissions count, so that it asks about the command only.
    const own = ['--assigned-to', 'OPENCODE', '--approvals', 'agent'];
    for (const title of ['Task one', 'Task two']) await run.ok('task', 'create', title, ...own);
    // OpenCode creates its database at its first start: two first starts at the same moment break each other.
    await run.ok('task', 'start', '1');
    const first = await asks('1');
    await run.ok('task', 'start', '2');
    // Both have written their file, and stand before looking around.
    const asking = [first, await asks('2')];
    const worktrees = asking.map((shown) => worktreeOf(bench, shown));
    assert.notEqual(worktrees[0], worktrees[1]);
    for (const [index, name] of ['one', 'two'].entries()) {
      assert.equal(readFileSync(join(worktrees[index] ?? '', `${name}.txt`), 'utf8'), `${name}\n`);
      assert.equal(existsSync(join(worktrees[1 - index] ?? '', `${name}.txt`)), false);
      assert.equal(existsSync(join(repository.folder, `${name}.txt`)), false);
    }
    await run.ok('task', 'approve', '1');
    await run.ok('task', 'approve', '2');
    await reaches('completed_active', '1');
    await reaches('completed_active', '2');
    const seen = model.requests.map(textOf).filter((text) => text.match(/"role":"tool"/g)?.length === 2);
    assert.equal(seen.length, 2);
    for (const text of seen) {
      const [own, other] = text.includes('# Task one') ? ['one', 'two'] : ['two', 'one'];
      assert.match(text, new RegExp(`a\\.txt\\\\n${own}\\.txt`));
      assert.equal(text.includes(`${other}.txt`), false, text.slice(-2_000));
    }
    for (const task of ['1', '2']) {
      await run.ok('task', 'complete', task);
      await bench.releaseTask(task);
      await run.ok('task', 'merge', task);
    }
    assert.equal(readFileSync(join(repository.folder, 'one.txt'), 'utf8'), 'one\n');
    assert.equal(readFileSync(join(repository.folder, 'two.txt'), 'utf8'), 'two\n');
  });

  it('pauses at its token limit and resumes in the same session when the limit is raised', async (context) => {
    const bench = await cliBench(context, program, [
      { text: 'The word is marmalade.', usage: { input: 1_000, output: 50 } },
      { text: 'And the number is 17.', usage: { input: 1_000, output: 50 } },
      { text: 'I remember both.' },
    ]);
    const { run, reaches, model, releaseTask } = bench;
    await run.ok('task', 'create', 'Think', '--assigned-to', 'OPENCODE', '--budget-tokens', '1500');
    await run.ok('task', 'start', '1');
    await reaches('completed_active');
    await run.ok('task', 'follow-up', '1', 'And a number?');
    const paused = await reaches('paused');
    assert.equal(paused.error_code, 'TokenLimitExceeded');
    assert.equal(paused.usage?.total_tokens, 2_100);
    assert.equal(model.requests.length, 2, 'the model was not called again');
    await releaseTask();
    await run.ok('task', 'update', '1', '--budget-tokens', '50000');
    await run.ok('task', 'resume', '1');
    const open = await reaches('completed_active');
    assert.equal(model.requests.length, 3);
    assert.match(textOf(model.requests[2]), /marmalade[\s\S]*And a number\?[\s\S]*the number is 17/);
    const sessions = new Set(open.executions.map((execution) => execution.session_id));
    assert.deepEqual([open.executions.length, sessions.size], [2, 1]);
  });

  it('restricts a task to its tools: a call is refused, not offered, or ends the run if it came without a request', async (context) => {
    const bench = await cliBench(context, program, [
      running('touch made.txt'),
      writing('hello.txt', 'hello\n'),
      { text: 'Then I look.', tools: [{ name: 'read', input: { filePath: 'secret.txt' } }] },
      { text: '', hang: true },
    ]);
    const { run, reaches, model } = bench;
    repositoryIn(bench).commit({ 'secret.txt': 'secret\n', 'src/a.txt': 'a\n' });
    const allowed = 'file_operations:read(src/**),code_execution(echo)';
    await run.ok('task', 'create', 'Look', '--assigned-to', 'OPENCODE', '--allowed-tools', allowed);
    await run.ok('task', 'start', '1');
    const failed = await reaches(ended);
    const worktree = worktreeOf(bench, failed);
    assert.equal(failed.approvals.length, 0, 'nobody is asked for what the task may not use');

    assert.match(
      textOf(model.requests[1]),
      /The task may not use code_execution.*its allowed tools are file_operations:read/,
    );
    assert.equal(existsSync(join(worktree, 'made.txt')), false);
    const tools = await run.ok('task', 'logs', '1', '--filter', 'tool_usage');
    assert.match(tools, /Refused: bash: touch made\.txt/);

    assert.match(textOf(model.requests[2]), /unavailable tool 'write'/);
    assert.match(tools, /write: .*failed: .*unavailable tool/);
    assert.equal(existsSync(join(worktree, 'hello.txt')), false);

    assert.deepEqual([failed.status, failed.error_code], ['failed', 'ToolPermissionDenied'], failed.error);
    assert.match(failed.error ?? '', /^It used file_operations:read.* without asking/);
    await until('no process is left', () => processesLeft(failed.id).length === 0);
  });

  it('passes the reason of a rejection to the agent, and an answer continues after a question ended the turn', async (context) => {
    const bench = await cliBench(context, program, [
      writing('hello.txt', 'hello\n'),
      { text: 'Shall it be tea or coffee?' },
      { text: 'Tea it is.' },
    ]);
    const { run, asks, reaches, model } = bench;
    await run.ok('task', 'create', 'Write', '--assigned-to', 'OPENCODE');
    await run.ok('task', 'start', '1');
    await asks();
    await run.ok('task', 'reject', '1', '--reason', 'Wait for the release.');
    const [rejected, question] = (await asks()).approvals;
    assert.equal(rejected?.status, 'rejected');
    assert.match(textOf(model.requests[1]), /write: hello\.txt: Wait for the release\./);
    assert.equal(existsSync(join(run.folder, 'hello.txt')), false);
    assert.deepEqual([question?.kind, question?.title], ['feedback', 'Shall it be tea or coffee?']);
    await run.ok('task', 'answer', '1', 'Tea, please.');
    const open = await reaches('completed_active');
    assert.match(textOf(model.requests[2]), /tea or coffee\?[\s\S]*Tea, please\./);
    assert.equal(open.executions.length, 1);
    // A message that pauses for two seconds is logged in parts.
    assert.match(open.logs.map(({ message }) => message).join(''), /Tea it is\./);
  });
});
