import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { checkpointRefs } from '../../core/task/checkpoint.ts';
import { Git } from '../worktrees/git.ts';
import { DISCARDED, KEEP_MS } from '../worktrees/remove.ts';
import type { WorktreeContext } from '../worktrees/review.ts';

/** Says in a checkpoint's commit whose it is: several folders with tasks may share one repository. */
export const FOLDER_TRAILER = 'SystemPrompt-Folder';

const ALL = 'refs/systemprompt/checkpoints';

/** A folder in a commit, without telling where it is. */
export async function folderMark(folder: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 16);
}

/** Checkpoints of a task that was deleted stay for 30 days under names of their own, like work that was discarded. */
export async function discardCheckpoints({ store }: WorktreeContext, taskId: string, number: number): Promise<void> {
  const git = new Git(store.folder);
  const { code, stdout } = await git.try(['for-each-ref', '--format=%(refname) %(objectname)', checkpointRefs(taskId)]);
  // Outside of a repository there are none.
  if (code !== 0 || stdout === '') return;
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

/** Refs of one task that is not here any more. */
export interface OrphanCheckpoints {
  readonly taskId: string;
  readonly count: number;
  /** Lets git take their commits with its next cleaning. */
  remove(): Promise<void>;
}

/**
 * Checkpoints of tasks that are gone, all of them older than 30 days: of those that a program deleted, and of those whose
 * deletion was cut short. What another folder made in the same repository is not looked at.
 */
export async function orphanCheckpoints({ store }: WorktreeContext, now: number): Promise<OrphanCheckpoints[]> {
  const git = new Git(store.folder);
  const fields = ['%(refname)', '%(objectname)', '%(committerdate:unix)'];
  const format = `${fields.join(' ')} %(contents:trailers:key=${FOLDER_TRAILER},valueonly,separator=)`;
  const { code, stdout } = await git.try(['for-each-ref', `--format=${format}`, ALL]);
  if (code !== 0 || stdout === '') return [];
  const mark = await folderMark(store.folder);
  const archived = new Set((await store.archive.names()).map(({ id }) => id));
  const aside = (await store.maintenance?.quarantined()) ?? [];
  const tasks = new Map<string, { deletions: string[]; old: boolean }>();
  for (const line of stdout.trimEnd().split('\n')) {
    const [ref = '', commit = '', seconds = '', whose = ''] = line.split(' ');
    const taskId = ref.slice(ALL.length + 1).split('/')[0] ?? '';
    if (whose !== mark || archived.has(taskId) || store.view.byId(taskId) !== undefined) continue;
    // A task whose file could not be understood is not gone.
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
