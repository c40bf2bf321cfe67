import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskRecord } from '../../core/task/schema.ts';
import { taskChanges } from './diff.ts';
import { worktreeFolder } from './repository.ts';
import type { WorktreeContext } from './review.ts';

export interface ListedWorktree {
  readonly folder: string;
  /** Undefined for a folder that belongs to no task. */
  readonly task: TaskRecord | undefined;
  readonly state: 'working' | 'unmerged' | 'merged' | 'discarded' | 'unknown';
  /** On disk, without linked folders. */
  readonly bytes: number;
  /** Changed files; undefined where they are not known. */
  readonly changed: number | undefined;
}

/** Every folder among the worktrees, whether or not a task knows it. */
export async function listWorktrees(context: WorktreeContext): Promise<ListedWorktree[]> {
  const root = join(context.store.folder, '.systemprompt', 'worktrees');
  const names = existsSync(root) ? (await readdir(root)).sort() : [];
  // After the folders: a worktree is noted in its task before it is made, so that a new one has its owner.
  await context.store.refresh();
  const owners = new Map<string, TaskRecord>();
  for (const task of context.store.view.all()) {
    if (task.workspace !== undefined) owners.set(worktreeFolder(context.store, task.workspace), task);
  }
  const listed: ListedWorktree[] = [];
  for (const name of names) {
    const folder = join(root, name);
    const task = owners.get(folder);
    const changed = task === undefined ? undefined : await changedIn(context, task);
    listed.push({ folder, task, state: stateOf(task), bytes: await sizeOf(folder), changed });
  }
  return listed;
}

function stateOf(task: TaskRecord | undefined): ListedWorktree['state'] {
  if (task === undefined) return 'unknown';
  if (task.lease !== undefined) return 'working';
  if (task.workspace?.discarded_ref !== undefined) return 'discarded';
  return task.workspace?.merged_at === undefined ? 'unmerged' : 'merged';
}

async function changedIn(context: WorktreeContext, task: TaskRecord): Promise<number | undefined> {
  return taskChanges(context, task, { detail: 'count' }).then(
    ({ files }) => files.length,
    () => undefined,
  );
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    // Links are not followed: their targets are elsewhere.
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else bytes += (await lstat(path).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
