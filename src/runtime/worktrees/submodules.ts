import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { type NextStep, shellStep, textStep } from '../../core/next-step.ts';
import { firstLines, type Git } from './git.ts';
import type { Repository } from './repository.ts';
import {
  changedLinks,
  declared,
  eachSubmodule,
  isKept,
  ownClone,
  type Submodule,
  type Superproject,
  superproject,
} from './submodule-clones.ts';

/**
 * Checks the submodules of a worktree out, with their own submodules, from the user's own clones and without a network.
 * Returns a sentence for each one that stays empty.
 */
export async function initSubmodules(repository: Repository, folder: string): Promise<string[]> {
  const worktree = repository.git.at(folder);
  const tree = await worktree.text(['rev-parse', 'HEAD']);
  // Without submodules, which is usual, nothing more is asked.
  if ((await declared(repository.git, tree)).length === 0) return [];
  const empty: string[] = [];
  await eachSubmodule(await superproject(repository), tree, async (submodule) => {
    const why = await initSubmodule(worktree, submodule);
    if (why !== undefined) empty.push(`The submodule ${submodule.fullPath} is empty in this worktree: ${why}`);
  });
  return empty;
}

async function initSubmodule(worktree: Git, submodule: Submodule): Promise<string | undefined> {
  const { name, path, fullPath, own } = submodule;
  const above = worktree.at(join(worktree.cwd, fullPath.slice(0, -path.length)));
  const isReady = (folder: string): boolean => existsSync(join(folder, '.git'));
  if (!isReady(above.cwd) || isReady(join(above.cwd, path))) return undefined;
  if (own === undefined) {
    const command = `git submodule update --init --recursive -- "${fullPath.slice(0, -path.length - 1) || path}"`;
    return `your own checkout has not initialised it. To have its files in the next worktree: ${command}`;
  }
  const offline = above.configured([
    [`submodule.${name}.url`, own.gitFolder],
    [`submodule.${name}.active`, 'true'],
    ['protocol.file.allow', 'always'],
  ]);
  const done = await offline.try(['submodule', '--quiet', 'update', '--init', '--no-fetch', '--', path]);
  if (done.code !== 0) return firstLines(done.stderr);
  // An agent that fetches or pushes there reaches the real remote, not the person's clone.
  const url = await own.git.try(['config', '--get', 'remote.origin.url']);
  if (url.code === 0) await above.at(join(above.cwd, path)).try(['remote', 'set-url', 'origin', url.stdout.trim()]);
  return undefined;
}

/** The submodules and other inner repositories that are checked out in a worktree. */
async function inner(worktree: Git): Promise<string[]> {
  const entries = await worktree.list(['ls-files', '-z', '--stage']);
  return entries
    .filter((entry) => entry.startsWith('160000'))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1))
    .filter((path) => existsSync(join(worktree.cwd, path, '.git')));
}

/** Why removing a worktree would lose work in a repository inside it; undefined when every commit exists elsewhere. */
export async function innerWork(repository: Repository, worktree: Git, tree: string): Promise<string | undefined> {
  const paths = await inner(worktree);
  return paths.length === 0 ? undefined : workIn(await superproject(repository), worktree, tree, paths);
}

async function workIn(
  parent: Superproject,
  worktree: Git,
  tree: string,
  paths: readonly string[],
): Promise<string | undefined> {
  const known = await declared(parent.git, tree);
  for (const path of paths) {
    const folder = join(worktree.cwd, path);
    const submodule = known.find((one) => one.path === path);
    const own = submodule === undefined ? undefined : await ownClone(parent, submodule.name);
    if (own === undefined) return `${folder} is a separate repository`;
    const there = worktree.at(folder);
    const changes = await there.try(['status', '--porcelain', '--untracked-files=all', '--ignore-submodules=none']);
    if (changes.code !== 0 || changes.stdout !== '')
      return `the submodule ${folder} has changes that are not committed`;
    const tips = await there.text(['for-each-ref', '--format=%(objectname)']);
    const head = await there.text(['rev-parse', 'HEAD']);
    const all = [...new Set([head, ...tips.split('\n')])].filter((tip) => tip !== '');
    for (const tip of all) {
      if (!(await isKept(own.git, tip))) return `the submodule ${folder} has commits that exist nowhere else`;
    }
    const below = await workIn(own, there, head, await inner(there));
    if (below !== undefined) return below;
  }
  return undefined;
}

/**
 * Refuses a result that points at a submodule commit that exists only in the worktree: after its removal the result
 * could not be checked out.
 *
 * @throws TaskError `MergeRefused`
 */
export async function requireSubmoduleCommits(repository: Repository, before: string, after: string): Promise<void> {
  const links = await changedLinks(repository.git, before, after);
  if (links.length === 0) return;
  const known = await declared(repository.git, after);
  const top = await superproject(repository);
  for (const { path, commit } of links) {
    const submodule = known.find((one) => one.path === path);
    const own = submodule === undefined ? undefined : await ownClone(top, submodule.name);
    if (own !== undefined && (await isKept(own.git, commit))) continue;
    const name = submodule === undefined ? `the inner repository ${path}` : `the submodule ${path}`;
    throw new TaskError(
      'MergeRefused',
      `The result points at commit ${commit.slice(0, 12)} of ${name}, which your clone does not have.`,
      { next: [commitStep(path, submodule !== undefined, own !== undefined)], details: { path, commit } },
    );
  }
}

function commitStep(path: string, isDeclared: boolean, isInitialised: boolean): NextStep {
  if (!isDeclared) {
    return textStep(`Remove "${path}/.git" in the worktree to merge its files, or delete the folder there.`);
  }
  return isInitialised
    ? shellStep('Push that commit from the worktree, then fetch it', `git -C "${path}" fetch`)
    : shellStep('Initialise the submodule', `git submodule update --init -- "${path}"`);
}
