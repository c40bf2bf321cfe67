import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { checkpointRefs } from '../../core/task/checkpoint.ts';
import { Git } from '../worktrees/git.ts';
import { DISCARDED, KEEP_MS } from '../worktrees/remove.ts';
import type { WorktreeContext } from '../worktrees/review.ts';

/** Marks a checkpoint's commit with its folder: several folders with tasks may share one repository. */
export const FOLDER_TRAILER = 'SystemPrompt-Folder';

const ALL = 'refs/systemprompt/checkpoints';

/** Identifies a folder in a commit without revealing its path. */
export async function folderMark(folder: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 16);
}

/** Keeps the checkpoints of a deleted task for 30 days under separate refs, like discarded work. */
export async function discardCheckpoints({ store }: WorktreeContext, taskId: string, number: number): Promise<void> {
  const git = new Git(store.folder);
  const found = await git.probe(['for-each-ref', '--format=%(refname) %(objectname)', checkpointRefs(taskId)]);
  // None without git or a repository. Refs that git cannot reach now are found later, as orphans.
  if ('failure' in found || found.code !== 0 || found.stdout === '') return;
  const { stdout } = found;
  const now = Date.now();
  const moves = stdout
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const [ref = '', commit = ''] = line.split(' ');
      const kept = `${DISCARDED}/${number}-checkpoint-${ref.split('/').at(-1)}-${now}`;
      return [`create ${kept} ${commit}`, `delete ${ref} ${commit}`];
    });
  // All of them or none.
  await git.text(['update-ref', '--stdin'], `${moves.join('\n')}\n`);
}

/** Refs of one task that no longer exists. */
export interface OrphanCheckpoints {
  readonly taskId: string;
  readonly count: number;
  /** Deletes the refs, so that git's next garbage collection can remove the commits. */
  remove(): Promise<void>;
}

/**
 * Checkpoints of tasks that no longer exist, all of them older than 30 days: a program deleted the task, or a crash
 * interrupted its deletion. Checkpoints of another folder in the same repository are left alone.
 */
export async function orphanCheckpoints({ store }: WorktreeContext, now: number): Promise<OrphanCheckpoints[]> {
  const git = new Git(store.folder);
  const fields = ['%(refname)', '%(objectname)', '%(committerdate:unix)'];
  const format = `${fields.join(' ')} %(contents:trailers:key=${FOLDER_TRAILER},valueonly,separator=)`;
  const listed = await git.probe(['for-each-ref', `--format=${format}`, ALL]);
  if ('failure' in listed || listed.code !== 0 || listed.stdout === '') return [];
  const { stdout } = listed;
  const mark = await folderMark(store.folder);
  const archived = new Set((await store.archive.names()).map(({ id }) => id));
  const aside = (await store.maintenance?.quarantined()) ?? [];
  const tasks = new Map<string, { deletions: string[]; old: boolean }>();
  for (const line of stdout.trimEnd().split('\n')) {
    const [ref = '', commit = '', seconds = '', whose = ''] = line.split(' ');
    const taskId = ref.slice(ALL.length + 1).split('/')[0] ?? '';
    if (whose !== mark || archived.has(taskId) || store.view.byId(taskId) !== undefined) continue;
    // A task whose file is in quarantine still exists.
    if (aside.some((name) => name.includes(taskId))) continue;
    const found = tasks.get(taskId) ?? { deletions: [], old: true };
    found.deletions.push(`delete ${ref} ${commit}`);
    found.old &&= now - Number(seconds) * 1_000 > KEEP_MS;
    tasks.set(taskId, found);
  }
  return [...tasks]
    .filter(([, { old }]) => old)
    .map(([taskId, { deletions }]) => ({
      taskId,
      count: deletions.length,
      remove: async () => {
        await git.text(['update-ref', '--stdin'], `${deletions.join('\n')}\n`);
      },
    }));
}
