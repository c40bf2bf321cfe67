import { appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../store/make-folders.ts';
import type { Repository } from './repository.ts';

/**
 * Makes git ignore folders that were linked or copied into a worktree, so that an agent's own `git add --all` leaves them
 * alone. A pattern such as `node_modules/` does not match a link. The patterns go to `info/exclude` of the repository,
 * which no commit has; in the person's own checkout git ignores these folders already.
 */
export async function hideFromGit(repository: Repository, folder: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const worktree = repository.git.at(folder);
  const all = paths.map((path) => `${repository.prefix}${path}`);
  const { stdout } = await worktree.try(['check-ignore', '-z', '--stdin'], all.join('\0'));
  const ignored = new Set(stdout.split('\0'));
  const open = all.filter((path) => !ignored.has(path));
  if (open.length === 0) return;
  // Only paths that the user's own checkout ignores as folders: other paths may be part of the work.
  const own = await repository.git.try(['check-ignore', '-z', '--stdin'], open.map((path) => `${path}/`).join('\0'));
  const hidden = own.stdout.split('\0').filter((path) => path !== '');
  if (hidden.length === 0) return;
  const common = await repository.git.text(['rev-parse', '--path-format=absolute', '--git-common-dir']);
  const file = join(common, 'info', 'exclude');
  await makeFolders(dirname(file));
  const patterns = hidden.map((path) => `/${escaped(path.replace(/\/$/, ''))}`);
  await appendFile(file, `\n# Linked or copied into worktrees by SystemPrompt Tasks.\n${patterns.join('\n')}\n`);
}

/** A path as a pattern of gitignore. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\] ]/g, '\\$&');
}
