import { z } from 'zod';

/** Before the name of a task's branch: letters, digits, dots, dashes and slashes, as git allows them in branches. */
export const branchPrefixPattern = /^(?!.*(\.\.|\/\/|\/\.|\.lock\/))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}[/-]$/;

/** A folder of worktrees outside of the workspace folder. Its last part has the name of that folder and a digest. */
const placePattern = /^(?!.*(^|[\\/])\.\.([\\/]|$))(\/|[A-Za-z]:[\\/]|\\\\).*[\w.-]{0,40}-[0-9a-f]{12}$/s;

/** A prefix and the name of the worktree's folder. */
const branchPattern = /^(?!.*(\.\.|\/\/|\/\.|\.lock\/))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}[/-]\d+-[a-z0-9-]{1,40}$/;

const resultRef = z.string().regex(/^refs\/systemprompt\/results\/\d{1,15}(-\d{1,3})?$/);
const commitHash = z.string().regex(/^[0-9a-f]{40,64}$/);

/**
 * The place of a task's work. The patterns are strict because task files are foreign input, and folders and branches
 * that are named here are removed when the work is merged.
 */
export const workspaceSchema = z.looseObject({
  kind: z.literal('worktree'),
  /** Relative to `place`, else to the workspace folder; with slashes. */
  path: z.string().regex(/^(\.systemprompt\/worktrees\/)?\d+-[a-z0-9-]{1,40}$/),
  /** The absolute folder outside of the workspace folder that has the worktrees of its tasks. */
  place: z.string().max(1_000).regex(placePattern).optional(),
  branch: z.string().regex(branchPattern),
  /** The branch that was checked out at the start of the work; missing for a detached HEAD. */
  base: z.string().max(1_000).optional(),
  /** HEAD when the work began. */
  base_head: commitHash,
  /** The start of the work: `base_head` and the unmerged results of dependencies. */
  base_commit: commitHash,
  /** Tasks whose unmerged results are in `base_commit`. */
  includes: z.array(z.string().max(100)).max(1_000).optional(),
  merged_at: z.string().max(40).optional(),
  /** The tip of the branch when it was merged. */
  merged_commit: commitHash.optional(),
  /** The commit of the person's branch that contains the merge; missing for a patch. */
  landed_commit: commitHash.optional(),
  /** The work on the remote that the machines of a shared store use. */
  result: z
    .object({
      ref: resultRef,
      /** The pushed commit. */
      commit: commitHash,
    })
    .optional(),
  /** The commits of submodules on the remotes of these submodules. */
  submodule_results: z
    .array(
      z.object({
        /** The names of the submodule, from the top of the repository down to it. */
        names: z.array(z.string().min(1).max(500)).min(1).max(20),
        ref: resultRef,
        commit: commitHash,
      }),
    )
    .max(1_000)
    .optional(),
  /** The group on whose branch the work is, if that is where it was merged. */
  merged_into: z.string().max(100).optional(),
  /** Keeps discarded work, and the commits of a merge that squashed them, for a while. */
  discarded_ref: z
    .string()
    .regex(/^refs\/systemprompt\/discarded\/[a-z0-9-]{1,80}$/)
    .optional(),
});

export type Workspace = z.infer<typeof workspaceSchema>;
/** A commit of a submodule on the remote of the submodule. */
export type SubmoduleResult = NonNullable<Workspace['submodule_results']>[number];

/** Isolation of tasks: an own worktree, or none in the workspace folder itself. */
export const isolationSchema = z.enum(['worktree', 'none']);
/** Handling of the result: a person reviews it, or the worker merges it on completion. */
export const onCompleteSchema = z.enum(['review', 'merge']);

/** The task's worktree while its work is neither merged nor discarded. */
export function openWorkspace(task: { readonly workspace?: Workspace | undefined }): Workspace | undefined {
  return workStateOf(task) === 'unmerged' ? task.workspace : undefined;
}

/** The fate of the work in a worktree. */
export const workStates = ['unmerged', 'merged', 'discarded'] as const;
export type WorkState = (typeof workStates)[number];

/** The fate of a task's work; undefined for a task without a worktree. */
export function workStateOf({ workspace }: { readonly workspace?: Workspace | undefined }): WorkState | undefined {
  if (workspace === undefined) return undefined;
  if (workspace.discarded_ref !== undefined) return 'discarded';
  return workspace.merged_at === undefined ? 'unmerged' : 'merged';
}

/** The worktree of a task that has ended its work, with changes that wait for a person. */
export function waitingResult(task: {
  readonly status: string;
  readonly lease?: unknown;
  readonly workspace?: Workspace | undefined;
}): Workspace | undefined {
  // While a run ends, a worktree without changes is still there.
  const ended = task.status === 'completed' && task.lease === undefined;
  return ended ? openWorkspace(task) : undefined;
}

/** `12-fix-the-login-test`: short, because paths are, and plain in every file system. */
export function workspaceName(task: { readonly number: number; readonly title: string }): string {
  const words = task.title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  return `${task.number}-${words || 'task'}`;
}
