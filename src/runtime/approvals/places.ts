import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Places, toolUseOf } from '../../core/policy/tool-request.ts';
import type { ApprovalDetail } from '../../core/task/approval-schema.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { worktreeFolder } from '../worktrees/place.ts';

/** Links that lead to one another, one after the other; as many as Linux follows. */
const LINKS = 40;

/** The directory of a task's work: its worktree, else the workspace folder. */
export function workFolderOf(folder: string, task: TaskRecord | undefined): string {
  const workspace = task === undefined ? undefined : openWorkspace(task);
  return workspace === undefined ? folder : worktreeFolder({ folder }, workspace);
}

/**
 * The files of a request relative to the folder: their real paths, and their names if they are another path in the
 * folder. For a command, every path that its words can name.
 */
export async function placesOf(cwd: string, detail: ApprovalDetail): Promise<Places> {
  const use = toolUseOf(detail);
  const files =
    use.category === 'code_execution'
      ? (use.words ?? []).slice(1).flatMap((word) => [word, ...word.split(/[=:]/)])
      : [...(detail.files ?? []), ...(detail.diffs ?? []).map((diff) => diff.path)];
  const root = await realPath(cwd);
  const named = [...new Set(files)].filter((file) => file !== '' || use.category !== 'code_execution');
  const places = await Promise.all(
    named.map((file) =>
      // A program reads `~` as its home and a URL as an address, even if a file in the folder has that name.
      use.category !== 'code_execution' && /^~|^[a-z][a-z\d+.-]+:/i.test(file)
        ? [undefined]
        : placesOfFile(cwd, root, file),
    ),
  );
  return [...new Set(places.flat())];
}

async function placesOfFile(cwd: string, root: string, file: string): Promise<Places> {
  // Not joined, because only the file system can resolve `..` behind a link.
  const stated = isAbsolute(file) ? file : `${cwd}${sep}${file}`;
  const plain = resolve(stated);
  const real = await realPath(stated);
  const ways = [within(root, real), within(root, await realPath(plain))];
  const said = within(cwd, plain) ?? within(root, plain);
  if (said !== undefined) ways.push(said);
  const isFolder = await stat(real).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return ways.map((way) => (way === undefined || !isFolder ? way : way === '' ? './' : `${way}/`));
}

/** The real path of a file, relative to the folder; `.` for the folder itself, undefined outside of it. */
export async function realPlace(cwd: string, file: string): Promise<string | undefined> {
  const way = within(await realPath(cwd), await realPath(isAbsolute(file) ? file : `${cwd}${sep}${file}`));
  return way === '' ? '.' : way;
}

/** The relative path from a folder to a file in it, with slashes. */
function within(folder: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const way = relative(folder, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  return way.split(sep).join('/');
}

/** The real path, also of a missing file: that of the nearest existing folder, followed by the rest of the name. */
async function realPath(path: string, links = LINKS): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    if (above === path) return path;
    const folder = await realPath(above, links);
    const name = basename(path);
    if (name === '..') return dirname(folder);
    const here = join(folder, name);
    const target = await readlink(here).catch(() => undefined);
    if (target === undefined) return here;
    // Writing to a dangling link creates its target.
    return links === 0 ? sep : realPath(isAbsolute(target) ? target : `${folder}${sep}${target}`, links - 1);
  }
}
