import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Git } from '../../../src/runtime/worktrees/git.ts';
import { findRepository } from '../../../src/runtime/worktrees/repository.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function repository(context: TestContext, name: string): string {
  const folder = join(realpathSync(tempFolder(context)), name);
  mkdirSync(join(folder, 'inner'), { recursive: true });
  const git = (...args: string[]): Buffer => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet', '--initial-branch=main');
  git('-c', 'user.name=A', '-c', 'user.email=a@localhost', 'commit', '--quiet', '--allow-empty', '-m', 'Begin');
  return folder;
}

describe('several questions to git', () => {
  for (const [how, name] of [
    ['in one process', 'plain'],
    ['one by one, for a path with line breaks', 'with\nline\n'],
  ] as const) {
    // Windows has no such names.
    if (process.platform === 'win32' && name !== 'plain') continue;

    it(`have one answer each, ${how}`, async (context) => {
      const folder = repository(context, name);
      const git = new Git(join(folder, 'inner'));
      const head = await git.commit('HEAD');
      assert.deepEqual(await git.answers('--show-prefix', '--show-cdup', 'HEAD^{commit}'), ['inner/', '../', head]);
      assert.deepEqual(await git.answers('--show-toplevel', '--git-dir'), [folder, join(folder, '.git')]);
      assert.deepEqual(await git.at(folder).answers('--show-cdup', '--show-prefix'), ['', '']);
      assert.equal(await git.answers('--show-prefix', 'missing^{commit}'), undefined);
    });

    it(`find the repository, its branch and a detached HEAD, ${how}`, async (context) => {
      const folder = repository(context, name);
      const inner = join(folder, 'inner');
      const found = await findRepository(inner);
      assert.ok(!('reason' in found));
      assert.deepEqual([found.git.cwd, found.prefix, found.branch], [folder, 'inner/', 'refs/heads/main']);
      assert.equal(found.head, await found.git.commit('main'));
      // An agent can make such a ref from its worktree.
      execFileSync('git', ['update-ref', 'refs/heads/HEAD', 'HEAD'], { cwd: folder });
      const ambiguous = await findRepository(inner);
      assert.ok(!('reason' in ambiguous));
      assert.equal(ambiguous.branch, 'refs/heads/main');
      execFileSync('git', ['checkout', '--quiet', '--detach'], { cwd: folder });
      const detached = await findRepository(inner);
      assert.ok(!('reason' in detached));
      assert.deepEqual([detached.branch, detached.head], [undefined, found.head]);
    });
  }
});
