import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testRepository } from '../runtime/worktrees/repository.ts';
import { cli } from './cli.ts';

/** Each entrant runs this script; its worktree's name has its number. */
const script = 'echo "$(basename "$PWD")" > result.txt';

interface Race {
  readonly status: string;
  readonly branch: string | null;
  readonly entrants: readonly { number: number; status: string; picked: boolean; changes: unknown }[];
}

describe('task race', () => {
  it('runs the same task several times, compares the results, and keeps the picked one', async (context) => {
    const run = cli(context);
    const repository = testRepository(run.folder);
    repository.commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    const checks = ['--check', 'grep -q 3-write result.txt', '--assigned-to', 'SHELL'];
    await run.ok('task', 'create', 'Write it', ...checks, '--instructions', script);
    await run.ok('task', 'create', 'After it', '--assigned-to', 'SHELL', '--instructions', 'cat result.txt');
    await run.ok('task', 'add-dependency', '2', '1');
    assert.match(
      await run.ok('task', 'race', '1', '--n', '2'),
      /#1 Write it\nENTRANT[^\n]+\n#3 .*\n#4 .*\nFollow them: systemprompt task watch 1\n$/,
    );
    await run('task', 'watch', '3', '4');
    const shown = await run.ok('task', 'race', 'show', '1');
    assert.match(shown, /#3 +SHELL +✓ completed +1 file \+1 -0 +1 passed/);
    assert.match(shown, /#4 +SHELL +✗ failed +1 file \+1 -0 +1 of 1 failed/);
    assert.match(shown, /Review one: systemprompt task diff 3, pick it: systemprompt task race pick 3\n$/);
    assert.match(await run.ok('inbox'), /results to compare {2}#1 Write it\n {2}systemprompt task race show 1/);
    assert.match(await run.ok('task', 'list'), /results to compare: task race show 1/);
    assert.doesNotMatch(await run.ok('inbox'), /to review/, 'the race asks for the pick of its results');
    const early = await run('task', 'merge', '3');
    assert.equal(early.code, 4);
    assert.match(early.stderr, /#3 takes part in the race #1, which is not decided\.[\s\S]+task race pick 3/);
    const picked = await run.json<Race>('task', 'race', 'pick', '3');
    assert.equal(picked.status, 'completed');
    assert.deepEqual(
      picked.entrants.map((entrant) => [entrant.number, entrant.picked, entrant.status]),
      [
        [3, true, 'completed'],
        [4, false, 'failed'],
      ],
    );
    assert.equal(repository.git('worktree', 'list').split('\n').length, 1, 'both worktrees are gone');
    const lost = await run.json<{ workspace: { discarded_ref: string } }>('task', 'show', '4');
    assert.match(repository.git('show', `${lost.workspace.discarded_ref}:result.txt`), /^4-write-it/);
    await run.ok('task', 'start', '2', '--wait');
    assert.match(await run.ok('task', 'logs', '2'), /3-write-it/, 'the dependent task begins with the picked result');
    assert.match(await run.ok('inbox'), /^to review {2}#1 Write it\n[\s\S]+task merge 1\n$/, 'and #4 needs nobody');
    assert.match(await run.ok('task', 'race', 'show', '1'), /then: systemprompt task merge 1\n$/);
    await run.ok('task', 'merge', '1');
    assert.match(await run.ok('task', 'race', 'show', '1'), /The picked result is merged\.\n$/);
    assert.equal(await run.ok('inbox'), 'Nothing needs you.\n');
    assert.match(repository.git('show', 'main:result.txt'), /^3-write-it/);
    assert.equal((await run('task', 'race', 'pick', '4')).code, 4);
  });

  it('cancels entrants that still work, and their worker discards their changes', async (context) => {
    const run = cli(context);
    const repository = testRepository(run.folder);
    repository.commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    const slow = 'echo x > x.txt; case "$(basename "$PWD")" in 2-*) sleep 60;; esac';
    await run.ok('task', 'create', 'Write it', '--assigned-to', 'SHELL', '--instructions', slow);
    await run.ok('task', 'race', '1', '--n', '2');
    await run.ok('task', 'watch', '3');
    const { status } = await run.json<Race>('task', 'race', 'pick', '3');
    assert.equal(status, 'completed');
    assert.equal(repository.git('worktree', 'list').split('\n').length, 1);
  });

  it('names the command that resumes entrants at a limit', async (context) => {
    const run = cli(context);
    testRepository(run.folder).commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    const limit = ['--assigned-to', 'SHELL', '--budget-minutes', '0.02'];
    await run.ok('task', 'create', 'Write it', ...limit, '--instructions', 'echo x > x.txt; sleep 60');
    await run.ok('task', 'race', '1', '--n', '2');
    await run('task', 'watch', '2', '3');
    const shown = await run.ok('task', 'race', 'show', '1');
    assert.match(shown, /race pick 2\nResume those that stopped: systemprompt task resume 2 3\n$/);
    assert.match((await run('task', 'resume', '2', '3')).stderr, /systemprompt task update 1 --budget-minutes/);
  });
});
