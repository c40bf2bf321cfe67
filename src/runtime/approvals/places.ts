import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Places, toolUseOf } from '../../core/policy/tool-request.ts';
import type { ApprovalDetail } from '../../core/task/approval-schema.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';

/** Links that lead to one another, one after the other; as many as Linux follows. */
const LINKS = 40;

/** The directory of a task's work: its worktree, else the workspace folder. */
export function workFolderOf(folder: string, task: TaskRecord | undefined): string {
  const workspace = task === undefined ? undefined : openWorkspace(task);
  return workspace === undefined ? folder : join(folder, workspace.path);
}

/**
 * The files of a request from the folder: as they really are, a link being where it leads, and as they are named, where
 * that is another place in the folder. Of a command, whatever its words could name.
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
      // What a program takes for its home or for an address is no file in the folder, whatever there is by that name.
      use.category !== 'code_execution' && /^~|^[a-z][a-z\d+.-]+:/i.test(file)
        ? [undefined]
        : placesOfFile(cwd, root, file),
    ),
  );
  return [...new Set(places.flat())];
}

async function placesOfFile(cwd: string, root: string, file: string): Promise<Places> {
  // Not joined: what `..` behind a link means, only the file system knows.
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

/** The way from a folder to what is in it, with slashes. */
function within(folder: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const way = relative(folder, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  return way.split(sep).join('/');
}

/** The real path, also of what may not be there yet: that of the nearest folder that is, and the rest by its name. */
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
    // A link to what is not there yet: writing to it makes that.
    return links === 0 ? sep : realPath(isAbsolute(target) ? target : `${folder}${sep}${target}`, links - 1);
  }
}
