import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** The name of the folder that the product makes for the worktrees of a folder: see `place.ts`. */
const ROOT = /-[0-9a-f]{12}$/;
const MAX_BYTES = 4_096;

/**
 * The folder in the person's own checkout that corresponds to `cwd` in a task's worktree outside of it. Undefined if `top` is
 * no such worktree. The repository must know the worktree: a file in it alone could name any folder. The file must be the
 * person's own, because another user could also make the repository.
 */
export function checkoutOf(top: string, cwd: string): { readonly folder: string; readonly top: string } | undefined {
  if (!ROOT.test(basename(dirname(top)))) return undefined;
  const file = join(top, '.git');
  const [, named] = /^gitdir: (.+)\n?$/.exec(textOf(file)) ?? [];
  if (named === undefined) return undefined;
  const own = resolve(top, named);
  const back = textOf(join(own, 'gitdir')).replace(/\n$/, '');
  const common = resolve(own, textOf(join(own, 'commondir')).trim() || '.');
  if (back === '' || realOf(resolve(own, back)) !== realOf(file) || basename(common) !== '.git') return undefined;
  return { folder: join(dirname(common), relative(top, cwd)), top: dirname(common) };
}

/** Empty for anything but a small regular file of this user. */
function textOf(file: string): string {
  try {
    const found = lstatSync(file);
    const isOurs = found.uid === (process.getuid?.() ?? found.uid);
    return found.isFile() && isOurs && found.size <= MAX_BYTES ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
