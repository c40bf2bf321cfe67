import { access, constants, readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { temporaryFolder } from '../../machine/temporary.ts';
import { firstLines, type Git } from '../worktrees/git.ts';
import { linkFolder } from '../worktrees/link.ts';
import type { CommitPlan } from './commit-plan.ts';

/**
 * Runs the user's commit hooks on a prepared commit, in a temporary checkout of its files, because the user's own
 * checkout still has the old ones. Returns the message, which hooks may change.
 *
 * @throws TaskError `MergeRefused` if a hook refuses the commit or changes its files
 */
export async function checkWithHooks(git: Git, plan: CommitPlan): Promise<string> {
  const folder = await hooksFolder(git);
  const before = plan.parents.length > 1 ? 'pre-merge-commit' : 'pre-commit';
  const source = plan.parents.length > 1 ? 'merge' : 'message';
  const names: string[] = [];
  for (const name of [before, 'prepare-commit-msg', 'commit-msg']) {
    if (await isExecutable(join(folder, name))) names.push(name);
  }
  if (names.length === 0) return plan.message;
  const staging = await temporaryFolder('hooks');
  const checkout = join(staging.path, 'checkout');
  const message = join(staging.path, 'COMMIT_EDITMSG');
  try {
    await git.text(['worktree', 'add', '--quiet', '--detach', '--no-checkout', checkout, plan.parents[0]]);
    const there = git.at(checkout);
    await there.text(['read-tree', '--reset', '-u', plan.tree]);
    for (const [from, to] of plan.links) await linkFolder(from, join(checkout, to));
    await writeFile(message, plan.message);
    const own = there.personal().configured([['core.hooksPath', folder]]);
    for (const name of names) {
      const words = name === 'commit-msg' ? [message] : name === 'prepare-commit-msg' ? [message, source] : [];
      const { code, stdout, stderr } = await own.try(['hook', 'run', name, '--', ...words]);
      if (code !== 0) throw refused(name, `${stderr}\n${stdout}`);
    }
    if ((await there.text(['write-tree'])) !== plan.tree) throw changed(names);
    return await readFile(message, 'utf8');
  } finally {
    await git.try(['worktree', 'remove', '--force', checkout]).catch(() => {});
    await staging.remove();
    await git.try(['worktree', 'prune']).catch(() => {});
  }
}

/** Absolute: a relative `core.hooksPath` counts from the top of the person's checkout, which may not be in git. */
async function hooksFolder(git: Git): Promise<string> {
  const path = await git.personal().text(['rev-parse', '--git-path', 'hooks']);
  return isAbsolute(path) ? path : join(git.cwd, path);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function refused(hook: string, output: string): TaskError {
  return new TaskError('MergeRefused', `Your ${hook} hook refuses the commit: ${firstLines(output) || 'no output'}`, {
    next: [
      textStep('Fix what the hook reports in the worktree and merge again, or merge without your hooks (skipHooks).'),
    ],
    details: { hook, output: output.slice(0, 10_000) },
  });
}

function changed(hooks: readonly string[]): TaskError {
  return new TaskError('MergeRefused', `Your ${hooks[0]} hook changes the files of the commit after their review.`, {
    next: [textStep('Merge as a patch and commit yourself, or merge without your hooks (skipHooks).')],
  });
}
