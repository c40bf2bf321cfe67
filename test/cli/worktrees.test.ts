import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { testRepository } from '../runtime/worktrees/repository.ts';
import { cli } from './cli.ts';

interface Shown {
  readonly status: string;
  readonly workspace?: { readonly branch: string };
}

describe('tasks in a git repository', () => {
  it('print the next step at the end of a wait, if it applies', async (context) => {
    const systemprompt = cli(context);
    testRepository(systemprompt.folder).commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    const script = 'echo two > a.txt; echo last';
    await systemprompt.ok('task', 'create', 'Change it', '--assigned-to', 'SHELL', '--instructions', script);
    const told = (await systemprompt.ok('task', 'start', '1', '--wait')).trimEnd().split('\n').slice(-3);
    // Its worker has let go by then: a script can merge at once.
    await systemprompt.ok('task', 'merge', '1');
    assert.match(told[0] ?? '', /system +The script ended with exit code 0\.$/);
    assert.match(told[1] ?? '', /^#1 Change it: ✓ completed · /);
    assert.match(told[2] ?? '', /^ {2}changes on branch systemprompt\/1-change-it: .* task merge 1$/);
  });

  it('run in a worktree, show their changes and merge them', async (context) => {
    const systemprompt = cli(context);
    const repository = testRepository(systemprompt.folder);
    repository.commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    await systemprompt.ok(
      'task',
      'create',
      'Change it',
      '--assigned-to',
      'SHELL',
      '--instructions',
      'echo two > a.txt',
    );
    await systemprompt.ok('task', 'start', '1', '--wait');
    assert.equal(readFileSync(join(repository.folder, 'a.txt'), 'utf8'), 'one\n');
    assert.match(await systemprompt.ok('task', 'diff', '1'), /-one\n\+two/);
    assert.match(
      await systemprompt.ok('task', 'diff', '1', '--stat'),
      /1 file changed on systemprompt\/1-change-it\n {2}\+1 -1/,
    );
    assert.match(await systemprompt.ok('worktrees'), /unmerged {3}#1 Change it, 1 file changed/);
    const refused = await systemprompt('task', 'discard', '1');
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /a\.txt/);
    assert.match(await systemprompt.ok('task', 'list'), /Change it · changes to review: task diff 1/);
    assert.match(
      await systemprompt.ok('task', 'show', '1'),
      /on branch systemprompt\/1-change-it: systemprompt task diff 1\n.*task merge 1, or task discard 1/,
    );
    repository.write('a.txt', 'mine\n');
    const conflict = await systemprompt('task', 'merge', '1');
    assert.equal(conflict.code, 4);
    assert.match(conflict.stderr, /a\.txt/);
    repository.git('checkout', '--quiet', '.');
    assert.match(await systemprompt.ok('task', 'merge', '1'), /^Merged #1 Change it: 1 file, at /);
    assert.equal(readFileSync(join(repository.folder, 'a.txt'), 'utf8'), 'two\n');
    const shown = await systemprompt.json<Shown>('task', 'show', '1');
    assert.equal(shown.status, 'completed');
    assert.match(await systemprompt.ok('worktrees'), /No task has a worktree/);
  });

  it('accept --isolation none and can reset it', async (context) => {
    const systemprompt = cli(context);
    testRepository(systemprompt.folder).commit({ 'a.txt': 'one\n' });
    const script = 'echo x >> here.txt';
    await systemprompt.ok(
      'task',
      'create',
      'Here',
      '--assigned-to',
      'SHELL',
      '--instructions',
      script,
      '--isolation',
      'none',
    );
    await systemprompt.ok('task', 'start', '1', '--wait');
    assert.equal(readFileSync(join(systemprompt.folder, 'here.txt'), 'utf8'), 'x\n');
    await systemprompt.ok('task', 'update', '1', '--isolation', 'worktree', '--on-complete', 'review');
    await systemprompt.ok('task', 'restart', '1');
    await systemprompt.ok('task', 'watch', '1');
    assert.equal((await systemprompt.json<Shown>('task', 'show', '1')).workspace?.branch, 'systemprompt/1-here');
  });
});
