import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import { firstLines, type Git } from '../worktrees/git.ts';
import type { CommitPlan } from './commit-plan.ts';
import { checkWithHooks } from './hooks.ts';

/**
 * Makes a commit for the person's branch as their own `git commit` would: under their name, checked by their hooks, and
 * signed where `commit.gpgSign` asks for it. Neither index, files nor branch are touched.
 *
 * @throws TaskError `MergeRefused` without an identity, when a hook refuses, or when git cannot sign
 */
export async function commitForPerson(git: Git, plan: CommitPlan): Promise<string> {
  if (!(await git.knowsAuthor())) {
    throw new TaskError('MergeRefused', 'Git does not know your name and e-mail address, which the commit needs.', {
      next: [
        shellStep('Set your name', 'git config --global user.name "Your Name"'),
        shellStep('Set your e-mail address, then merge again', 'git config --global user.email you@example.com'),
      ],
    });
  }
  const message = plan.skipHooks ? plan.message : await checkWithHooks(git, plan);
  const parents = plan.parents.flatMap((parent) => ['-p', parent]);
  const signed = await git.isSet('commit.gpgSign');
  const made = await git
    .personal()
    .try(['commit-tree', ...(signed ? ['-S'] : []), plan.tree, ...parents, '-F', '-'], message);
  if (made.code === 0) return made.stdout.trim();
  if (!signed) throw new TaskError('GitFailed', `git commit-tree failed: ${firstLines(made.stderr)}`);
  throw new TaskError('MergeRefused', `Git cannot sign the commit (commit.gpgSign): ${firstLines(made.stderr)}`, {
    next: [textStep('Unlock the key and merge again, or merge as a patch and commit yourself. Nothing was changed.')],
  });
}

/**
 * Checks the prepared commit of the user's branch against `merge.verifySignatures`.
 *
 * @throws TaskError `MergeRefused` if the setting is on and the signature is missing or not trusted
 */
export async function requireSignature(git: Git, commit: string, form: 'merge' | 'squash'): Promise<void> {
  if (!(await git.isSet('merge.verifySignatures'))) return;
  const { code, stderr } = await git.personal().try(['verify-commit', commit]);
  if (code === 0) return;
  const why = firstLines(stderr) || 'it has no signature';
  throw new TaskError(
    'MergeRefused',
    `merge.verifySignatures is on, and git does not accept commit ${commit.slice(0, 12)}: ${why}.`,
    {
      next: [
        textStep(
          form === 'merge'
            ? 'The commits of a task are not signed. Squash them into one commit that you sign (commit.gpgSign), or merge as a patch.'
            : 'Turn commit.gpgSign on, or merge as a patch and commit yourself.',
        ),
      ],
    },
  );
}
