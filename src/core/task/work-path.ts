import type { TaskRecord } from './schema.ts';

/** The folder of worktrees in a workspace folder, with slashes. */
export const INSIDE = '.systemprompt/worktrees';

/** The folder of a worktree, with slashes after its root. */
export function worktreePath(
  folder: string,
  { place, path }: Pick<NonNullable<TaskRecord['workspace']>, 'path' | 'place'>,
): string {
  return `${place ?? `${folder}/${INSIDE}`}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

/** The folder within which the paths of a task's requests are shown. */
export function shownWithin(folder: string, { workspace }: Pick<TaskRecord, 'workspace'>): string {
  return workspace?.place === undefined ? folder : worktreePath(folder, workspace);
}
