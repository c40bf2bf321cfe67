import { createHash } from 'node:crypto';
import { lstat, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, normalize, relative, resolve, sep } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { INSIDE, worktreePath } from '../../core/task/work-path.ts';
import type { Workspace } from '../../core/task/workspace.ts';
import { type Environment, stateFolder } from '../../store/machine-folder.ts';
import { makeFolders } from '../../store/make-folders.ts';
import type { Settings } from '../settings/settings.ts';

const ROOT_USER = 0;

/** The folder of a task's worktree. */
export function worktreeFolder(
  { folder }: { readonly folder: string },
  workspace: Pick<Workspace, 'path' | 'place'>,
): string {
  return normalize(worktreePath(folder, workspace));
}

/** The folder of worktrees in the workspace folder. */
export function insideRoot(folder: string): string {
  return join(folder, ...INSIDE.split('/'));
}

/** The path and place of a worktree with this name, to record in its task. */
export function placed(root: string | undefined, name: string): Pick<Workspace, 'path' | 'place'> {
  return root === undefined ? { path: `${INSIDE}/${name}` } : { place: root, path: name };
}

/**
 * The folder outside of the workspace folder for the worktrees of its tasks, as the settings choose it; undefined for the
 * place inside. Folders with one name have different roots, and every path of one folder leads to the same root.
 */
export async function outsideRoot(
  folder: string,
  settings: Pick<Settings, 'worktrees'>,
  env: Environment = process.env,
): Promise<string | undefined> {
  const place = settings.worktrees?.place ?? 'inside';
  if (place === 'inside') return undefined;
  const base =
    place === 'outside' ? join(stateFolder(env), 'worktrees') : resolve(place.replace(/^~(?=[\\/])/, homedir()));
  return join(base, await rootName(folder));
}

/** The name of a folder's root outside of it. */
export async function rootName(folder: string): Promise<string> {
  const real = await realpath(folder).catch(() => folder);
  const name = basename(real)
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 40);
  return `${name}-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`;
}

/** Every folder that may have worktrees of tasks: the place inside, that of the settings, and those of the tasks. */
export async function worktreeRoots(
  folder: string,
  settings: Pick<Settings, 'worktrees'>,
  tasks: Iterable<Pick<TaskRecord, 'workspace'>>,
): Promise<string[]> {
  const roots = new Set([insideRoot(folder)]);
  const chosen = await outsideRoot(folder, settings);
  if (chosen !== undefined) roots.add(chosen);
  // With an earlier setting.
  for (const { workspace } of tasks) if (workspace?.place !== undefined) roots.add(workspace.place);
  return [...roots];
}

/**
 * Creates the folder of a worktree's parent. A link there could lead to any folder of the person, and in a folder of
 * another user that user could exchange the files of the work.
 *
 * @throws TaskError `WorktreeUnavailable` for a link, a folder of another user, or a place in the repository itself
 */
export async function openRoot(
  top: string,
  { place, path }: Pick<Workspace, 'path' | 'place'>,
  folder: string,
): Promise<void> {
  const root = dirname(worktreeFolder({ folder }, { place, path }));
  if (place !== undefined) {
    const within = relative(await realpath(top), await realOf(root));
    if (within !== '..' && !within.startsWith(`..${sep}`) && resolve(within) !== within) {
      throw unusable(root, 'is in the repository, where git and your tools find the files of the worktrees');
    }
  }
  const before = await lstat(root).catch(() => undefined);
  if (before?.isSymbolicLink() === true) throw unusable(root, 'is a link, which is not followed');
  await makeFolders(root).catch((error: Error) => {
    throw unusable(root, `cannot be made (${error.message})`, error);
  });
  const made = await lstat(root);
  if (!made.isDirectory()) throw unusable(root, 'is not a folder');
  const own = process.getuid?.() ?? made.uid;
  if (place === undefined) {
    // A container may run as another user than the one that the whole folder belongs to.
    if (made.uid !== own && made.uid !== (await stat(folder)).uid) throw unusable(root, 'belongs to another user');
    return;
  }
  if (made.uid !== own) throw unusable(root, 'belongs to another user');
  const base = dirname(root);
  // The owner of the base can put another folder in the place of the root.
  if (![own, ROOT_USER].includes((await stat(base)).uid)) throw unusable(base, 'belongs to another user');
}

/** The real path, also of a missing folder. */
async function realOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? (dirname(path) === path ? path : join(await realOf(dirname(path)), basename(path)));
}

function unusable(root: string, why: string, cause?: Error): TaskError {
  return new TaskError('WorktreeUnavailable', `Worktrees cannot be created: ${root} ${why}.`, {
    next: [
      textStep(`Remove ${root}, or choose another folder with worktrees.place in the configuration of your machine.`),
      textStep('Then restart the task.'),
    ],
    cause,
  });
}
