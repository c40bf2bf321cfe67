import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { workspaceSchema } from '../../src/core/task/workspace.ts';
import { worktreeBench } from '../runtime/worktrees/bench.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('a worktree', () => {
  it('is possible beside a branch named like the prefix, and in a folder with a newline', async (context) => {
    const bench = await worktreeBench(context, join(tempFolder(context), 'two\nlines'));
    bench.repository.git('branch', 'systemprompt');
    const task = await bench.done({ 'new.txt': 'x\n' });
    assert.equal(task.workspace?.branch, 'systemprompt-1-do-it');
    assert.equal(bench.repository.git('show', `${task.workspace.branch}:new.txt`), 'x');
  });

  it('gets ignored files of .worktreeinclude, copied folders and the set-up command', async (context) => {
    const bench = await worktreeBench(context);
    bench.repository.commit({ '.gitignore': '.env*\ncache/\n', '.worktreeinclude': '.env*\n!.env.skip\nmine.txt\n' });
    for (const path of ['.env', '.env.skip', 'mine.txt', 'cache/x']) bench.repository.write(path, 'x');
    Object.assign(bench.settings, { worktrees: { copy: ['cache'], setup: 'echo made > cache/made; echo hello' } });
    const task = await bench.done({ 'new.txt': 'x\n' }, { title: 'Do it' }, (cwd) => {
      assert.ok(existsSync(join(cwd, '.env')));
      assert.ok(!existsSync(join(cwd, '.env.skip')), 'the patterns leave it out');
      assert.ok(!existsSync(join(cwd, 'mine.txt')), 'git does not ignore it');
      assert.equal(readFileSync(join(cwd, 'cache/made'), 'utf8'), 'made\n');
    });
    assert.ok(!existsSync(join(bench.repository.folder, 'cache/made')), 'copied, not linked');
    assert.match(JSON.stringify((await bench.store.getLogs(task.id)).entries), /"hello"/);
    assert.equal(
      bench.repository.git('diff', '--name-only', 'main', task.workspace?.branch ?? ''),
      'new.txt',
      'none of it is a part of the work',
    );
  });

  it('stops the task if its set-up command fails, with the output in the log', async (context) => {
    const bench = await worktreeBench(context);
    Object.assign(bench.settings, { worktrees: { setup: 'echo broken; exit 3' } });
    await assert.rejects(bench.done({}), (error) => {
      return TaskError.is(error, 'WorktreeUnavailable') && /ended with 3/.test(error.message);
    });
  });

  it('has a branch name that a task file cannot choose freely', () => {
    const none = '0'.repeat(40);
    const given = { kind: 'worktree', path: '.systemprompt/worktrees/1-a', base_head: none, base_commit: none };
    const accepted = (branch: string): boolean => workspaceSchema.safeParse({ ...given, branch }).success;
    for (const branch of ['systemprompt/1-a', 'me/tasks/1-a', 'tasks-1-a']) assert.ok(accepted(branch), branch);
    for (const branch of [
      'main',
      '1-a',
      '../1-a',
      'a/../1-a',
      '-x/1-a',
      'a//1-a',
      'a/.b/1-a',
      'a.lock/1-a',
      'a b/1-a',
    ]) {
      assert.ok(!accepted(branch), branch);
    }
  });
});
