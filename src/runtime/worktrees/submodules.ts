import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import { firstLines, type Git } from './git.ts';
import type { Repository } from './repository.ts';

interface Submodule {
  readonly name: string;
  /** From the top of the checkout, with slashes. */
  readonly path: string;
}

/** The submodules that `.gitmodules` of a commit or tree declares. */
async function declared(git: Git, tree: string): Promise<Submodule[]> {
  const words = ['config', '--blob', `${tree}:.gitmodules`, '-z', '--get-regexp', '^submodule\\..*\\.path$'];
  const { code, stdout } = await git.try(words);
  if (code !== 0) return [];
  return stdout.split('\0').flatMap((entry) => {
    const at = entry.indexOf('\n');
    const name = entry.slice('submodule.'.length, at - '.path'.length);
    const path = entry.slice(at + 1);
    // Git refuses such names and paths as well: they lead out of the repository.
    const leads = [name, path].some((part) => part === '' || part.split(/[\\/]/).includes('..'));
    return at < 0 || leads || path.startsWith('/') ? [] : [{ name, path }];
  });
}

/** The git folder of a submodule in the person's own checkout; undefined when they have not initialised it. */
async function ownModule({ git }: Repository, { name, path }: Submodule): Promise<Git | undefined> {
  const common = await git.text(['rev-parse', '--path-format=absolute', '--git-common-dir']);
  const found = [join(common, 'modules', name), join(git.cwd, path, '.git')].find((folder) =>
    existsSync(join(folder, 'HEAD')),
  );
  return found === undefined ? undefined : git.at(found).with({ GIT_DIR: found });
}

/**
 * Checks the submodules of a worktree out, from the user's own clones and without a network. Returns a sentence for
 * each one that stays empty.
 */
export async function initSubmodules(repository: Repository, folder: string, tree: string): Promise<string[]> {
  const worktree = repository.git.at(folder);
  const empty: string[] = [];
  for (const submodule of await declared(repository.git, tree)) {
    const { name, path } = submodule;
    if (existsSync(join(folder, path, '.git'))) continue;
    const own = await ownModule(repository, submodule);
    if (own === undefined) {
      empty.push(
        `The submodule ${path} is empty in this worktree: your own checkout has not initialised it. To have its files in the next worktree: git submodule update --init -- "${path}"`,
      );
      continue;
    }
    const offline = worktree.configured([
      [`submodule.${name}.url`, own.cwd],
      [`submodule.${name}.active`, 'true'],
      ['protocol.file.allow', 'always'],
    ]);
    const done = await offline.try(['submodule', '--quiet', 'update', '--init', '--no-fetch', '--', path]);
    if (done.code !== 0) {
      empty.push(`The submodule ${path} is empty in this worktree: ${firstLines(done.stderr)}`);
      continue;
    }
    // An agent that fetches or pushes there reaches the real remote, not the person's clone.
    const url = await own.try(['config', '--get', 'remote.origin.url']);
    const there = worktree.at(join(folder, path));
    if (url.code === 0) await there.try(['remote', 'set-url', 'origin', url.stdout.trim()]);
  }
  return empty;
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
  if (paths.length === 0) return undefined;
  const known = await declared(repository.git, tree);
  for (const path of paths) {
    const folder = join(worktree.cwd, path);
    const submodule = known.find((one) => one.path === path);
    const own = submodule === undefined ? undefined : await ownModule(repository, submodule);
    if (own === undefined) return `${folder} is a separate repository`;
    const there = worktree.at(folder);
    const changes = await there.try(['status', '--porcelain', '--untracked-files=all', '--ignore-submodules=none']);
    if (changes.code !== 0 || changes.stdout !== '')
      return `the submodule ${folder} has changes that are not committed`;
    const tips = await there.text(['for-each-ref', '--format=%(objectname)']);
    const head = await there.text(['rev-parse', 'HEAD']);
    const all = [...new Set([head, ...tips.split('\n')])].filter((tip) => tip !== '');
    for (const tip of all) {
      if (!(await isKept(own, tip))) return `the submodule ${folder} has commits that exist nowhere else`;
    }
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
  const { git } = repository;
  const parts = await git.list(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', before, after]);
  const links = parts.flatMap((part, at) => {
    const [, mode, , commit = ''] = part.slice(1).split(' ');
    return part.startsWith(':') && mode === '160000' ? [{ path: parts[at + 1] ?? '', commit }] : [];
  });
  if (links.length === 0) return;
  const known = await declared(git, after);
  for (const { path, commit } of links) {
    const submodule = known.find((one) => one.path === path);
    const own = submodule === undefined ? undefined : await ownModule(repository, submodule);
    if (own !== undefined && (await isKept(own, commit))) continue;
    const name = submodule === undefined ? `the inner repository ${path}` : `the submodule ${path}`;
    throw new TaskError(
      'MergeRefused',
      `The result points at commit ${commit.slice(0, 12)} of ${name}, which your clone does not have.`,
      {
        next: [
          submodule === undefined
            ? textStep(`Remove "${path}/.git" in the worktree to merge its files, or delete the folder there.`)
            : shellStep('Push that commit from the worktree, then fetch it', `git -C "${path}" fetch`),
        ],
        details: { path, commit },
      },
    );
  }
}

/** True when a ref of the person's clone reaches the commit. */
async function isKept(own: Git, commit: string): Promise<boolean> {
  const { code, stdout } = await own.try(['rev-list', '--max-count=1', commit, '--not', '--all']);
  return code === 0 && stdout === '';
}
