import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TaskRecord } from '../../core/task/schema.ts';
import { type WorkState, workStateOf } from '../../core/task/workspace.ts';
import { taskChanges } from './diff.ts';
import { rootName, worktreeFolder, worktreeRoots } from './place.ts';
import { findRepository } from './repository.ts';
import type { WorktreeContext } from './review.ts';

export interface ListedWorktree {
  readonly folder: string;
  /** Undefined for a folder that belongs to no task. */
  readonly task: TaskRecord | undefined;
  readonly state: WorkState | 'working' | 'unknown';
  /** On disk, without linked folders. */
  readonly bytes: number;
  /** Changed files; undefined where they are not known. */
  readonly changed: number | undefined;
}

/** Every folder among the worktrees, with or without a task. */
export async function listWorktrees(context: WorktreeContext): Promise<ListedWorktree[]> {
  const { store, settings } = context;
  const roots = new Set(await worktreeRoots(store.folder, settings, store.view.all()));
  for (const root of await registeredRoots(store.folder)) roots.add(root);
  const folders: string[] = [];
  for (const root of roots) folders.push(...(await foldersIn(root)));
  // After the folders: a worktree is recorded in its task before it is created, so that a new one has its owner.
  await store.refresh();
  const owners = new Map<string, TaskRecord>();
  for (const task of store.view.all()) {
    if (task.workspace !== undefined) owners.set(worktreeFolder(store, task.workspace), task);
  }
  const listed: ListedWorktree[] = [];
  for (const folder of folders) {
    const task = owners.get(folder);
    const changed = task === undefined ? undefined : await changedIn(context, task);
    listed.push({ folder, task, state: stateOf(task), bytes: await sizeOf(folder), changed });
  }
  return listed;
}

/** The roots that git has worktrees of, which an earlier setting may have chosen for tasks that are deleted since. */
async function registeredRoots(folder: string): Promise<string[]> {
  const repository = await findRepository(folder);
  if ('reason' in repository) return [];
  const name = await rootName(folder);
  const listed = await repository.git.try(['worktree', 'list', '--porcelain', '-z']);
  const paths = listed.stdout.split('\0').flatMap((field) => /^worktree (.*)$/s.exec(field)?.[1] ?? []);
  return paths.map((path) => dirname(path)).filter((root) => basename(root) === name);
}

/** The folders below a root, which may be missing. A root that is a link is not followed. */
export async function foldersIn(root: string): Promise<string[]> {
  const found = await lstat(root).catch(() => undefined);
  if (found?.isDirectory() !== true) return [];
  const names = await readdir(root).catch(() => []);
  return names.sort().map((name) => join(root, name));
}

function stateOf(task: TaskRecord | undefined): ListedWorktree['state'] {
  if (task === undefined) return 'unknown';
  if (task.lease !== undefined) return 'working';
  return workStateOf(task) ?? 'unmerged';
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
