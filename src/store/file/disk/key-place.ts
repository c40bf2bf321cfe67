import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { sha256 } from '../../../core/text/sha256.ts';
import type { FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';

const MAX_BYTES = 4_096;

/**
 * The place of a store's key: below the repository's common git folder, because git never writes the content of a
 * branch there, and every process that works on the folder can read it, including one in a container with another home.
 * Without a repository, nothing is pulled into the folder, and the key is in the store.
 *
 * The name is derived from the path of the store in the repository, so that the key remains valid for a moved
 * repository and applies to no other store in it.
 */
export async function keyPlace(fs: FileSystem, layout: Layout): Promise<string> {
  return (await gitPlace(fs, layout, 'key')) ?? join(layout.state, 'key');
}

/** The place of the copy of the tasks, beside the key; undefined outside of a repository. */
export function copyPlace(fs: FileSystem, layout: Layout): Promise<string | undefined> {
  return gitPlace(fs, layout, 'tasks');
}

async function gitPlace(fs: FileSystem, layout: Layout, extension: string): Promise<string | undefined> {
  const folder = await fs.realpath(dirname(layout.root)).catch(() => dirname(layout.root));
  const git = commonGitFolder(fs, folder);
  if (git === undefined) return undefined;
  const name = Buffer.from(sha256(Buffer.from(relative(git, folder)))).toString('hex', 0, 16);
  return join(git, 'systemprompt', `${name}.${extension}`);
}

/** The git folder that all worktrees of a repository share; undefined outside of a repository. */
function commonGitFolder(fs: FileSystem, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const git = gitFolderAt(fs, join(at, '.git'));
    if (git !== undefined) return git;
    if (dirname(at) === at) return undefined;
  }
}

/** A `.git` is a folder, or in a worktree a file that names one; that folder names the common one. */
function gitFolderAt(fs: FileSystem, path: string): string | undefined {
  if (read(fs, join(path, 'HEAD')) !== undefined) return path;
  const [, target] = /^gitdir: (.+)\n?$/.exec(read(fs, path) ?? '') ?? [];
  if (target === undefined) return undefined;
  const own = isAbsolute(target) ? target : resolve(dirname(path), target);
  const common = read(fs, join(own, 'commondir'))?.trim();
  return common === undefined ? own : resolve(own, common);
}

function read(fs: FileSystem, file: string): string | undefined {
  try {
    const found = fs.readRegularSync(file, MAX_BYTES);
    return found.kind === 'text' ? found.text : undefined;
  } catch {
    // A missing or unreadable file counts as empty for this process.
    return undefined;
  }
}
