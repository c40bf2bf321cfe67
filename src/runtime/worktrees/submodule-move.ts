import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { plainFetch } from './fetch-ref.ts';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';
import { changedLinks, declared, eachSubmodule, type Superproject, superproject } from './submodule-clones.ts';
import { moduleIn } from './submodule-fetch.ts';

interface Move {
  readonly there: Git;
  readonly own: Superproject;
  readonly commit: string;
}

/**
 * Checks out in a worktree the commits of submodules that a commit names. Before the worktree itself moves: an older
 * submodule in a newer worktree would be committed as a change.
 *
 * @returns false, and no file was changed, if a submodule has other work
 */
export async function moveSubmodules(
  repository: Repository,
  folder: string,
  since: string,
  commit: string,
): Promise<boolean> {
  const { git } = repository;
  if ((await declared(git, commit)).length === 0) return true;
  const only = new Set((await changedLinks(git, since, commit)).map(({ path }) => path));
  const gitFolder = (await git.at(folder).answers('--git-dir'))?.[0];
  if (only.size === 0 || gitFolder === undefined) return true;
  const moves: Move[] = [];
  let isFree = true;
  const visit: Parameters<typeof eachSubmodule>[2] = async ({ names, fullPath, own, commit: wanted }) => {
    const module = moduleIn(gitFolder, names);
    const path = join(folder, fullPath);
    // Empty in this worktree, or something else: git leaves it as it is.
    if (own === undefined || module === undefined || !existsSync(join(path, '.git'))) return;
    const there = git.at(path);
    if ((await there.answers('--git-dir'))?.[0] !== realpathSync(module)) return;
    const head = await there.commit('HEAD');
    if (head === wanted) return;
    const status = await there.try(['status', '--porcelain', '--untracked-files=no', '--ignore-submodules=all']);
    const isClean = status.code === 0 && status.stdout === '';
    if (head === undefined || !isClean || !(await own.git.isAncestor(head, wanted))) isFree = false;
    else moves.push({ there, own, commit: wanted });
  };
  await eachSubmodule(await superproject(repository), commit, visit, only);
  if (!isFree) return false;
  for (const { there, own, commit: wanted } of moves) {
    const local = there.configured([
      ['protocol.file.allow', 'always'],
      ['protocol.version', '2'],
    ]);
    await local.text(['fetch', ...plainFetch, own.gitFolder, wanted]);
    const moved = await there.try([
      'checkout',
      '--quiet',
      '--detach',
      '--no-recurse-submodules',
      '--no-overwrite-ignore',
      wanted,
    ]);
    if (moved.code !== 0) return false;
  }
  return true;
}
