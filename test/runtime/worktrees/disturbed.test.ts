import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { tempFolder } from '../../support/temp-folder.ts';
import { worktreeBench } from './bench.ts';

const realGit = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** A git whose first `worktree add` fails when it has made the branch, as while another process prunes. */
function disturbedGit(context: TestContext): { readonly failed: string } {
  const bin = tempFolder(context);
  const failed = join(bin, 'failed');
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh
case "$*" in *'worktree add'*) [ -e '${failed}' ] || {
  touch '${failed}'
  '${realGit}' "$@"
  for word; do folder=$last; last=$word; done
  '${realGit}' worktree remove --force "$folder"
  echo "fatal: could not open '.git/worktrees/x/locked' for writing: No such file or directory" >&2
  exit 128
} ;; esac
exec '${realGit}' "$@"
`,
  );
  chmodSync(join(bin, 'git'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${bin}${delimiter}${PATH}`;
  context.after(() => {
    process.env.PATH = PATH;
  });
  return { failed };
}

it('a task starts though another process prunes worktrees while its own is added', async (context) => {
  const bench = await worktreeBench(context);
  const git = disturbedGit(context);
  const task = await bench.done({ 'new.txt': 'x\n' });
  assert.ok(existsSync(git.failed), 'the first attempt failed');
  assert.equal(bench.repository.git('show', `${task.workspace?.branch}:new.txt`), 'x');
});
