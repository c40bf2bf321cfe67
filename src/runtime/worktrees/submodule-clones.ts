import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';

/** A repository whose submodules are looked up: the person's checkout, or their clone of a submodule. */
export interface Superproject {
  readonly git: Git;
  /** The git folder, with the clones of submodules in its folder "modules". */
  readonly gitFolder: string;
  /** The person's checkout; undefined where only the git folder is used. */
  readonly checkout: string | undefined;
}

interface Declared {
  readonly name: string;
  /** From the top of its superproject, with slashes. */
  readonly path: string;
}

/** A submodule that a commit of its superproject names. */
export interface Submodule extends Declared {
  /** The names from the top superproject down to this one. */
  readonly names: readonly string[];
  /** From the top of the top superproject, with slashes. */
  readonly fullPath: string;
  /** The commit that the superproject names. */
  readonly commit: string;
  readonly parent: Superproject;
  /** The person's own clone; undefined if they have not initialised the submodule. */
  readonly own: Superproject | undefined;
}

/** A change of the commit at a path: of a submodule, or of another inner repository. */
export interface ChangedLink {
  readonly path: string;
  readonly commit: string;
}

/** Arguments of one git command. */
const PATHS = 500;

/** The person's checkout as a superproject. */
export async function superproject({ git }: Pick<Repository, 'git'>): Promise<Superproject> {
  const gitFolder = await git.text(['rev-parse', '--path-format=absolute', '--git-common-dir']);
  return { git, gitFolder, checkout: git.cwd };
}

/** The submodules that `.gitmodules` of a commit or tree declares. */
export async function declared(git: Git, tree: string): Promise<Declared[]> {
  const words = ['config', '--blob', `${tree}:.gitmodules`, '-z', '--get-regexp', '^submodule\\..*\\.path$'];
  const { code, stdout } = await git.try(words);
  if (code !== 0) return [];
  return stdout.split('\0').flatMap((entry) => {
    const at = entry.indexOf('\n');
    const name = entry.slice('submodule.'.length, at - '.path'.length);
    const path = entry.slice(at + 1);
    return at < 0 || !staysInside(name) || !staysInside(path) ? [] : [{ name, path }];
  });
}

/**
 * False for names and paths that lead out of the repository, that git would read as an option, or that would end the key of
 * a setting early. Git refuses most of them as well.
 */
function staysInside(part: string): boolean {
  const steps = part.split(/[\\/]/);
  const leads = steps.some((step) => step === '' || step === '.' || step === '..' || step.toLowerCase() === '.git');
  return !leads && !part.startsWith('-') && !/[\p{Cc}=]/u.test(part);
}

/**
 * The person's own clone of a submodule. Only its name counts: what a commit declares as path or address chooses no folder
 * and no remote.
 */
export async function ownClone(parent: Superproject, name: string): Promise<Superproject | undefined> {
  if (!staysInside(name)) return undefined;
  const steps = name.split('/');
  const modules = join(parent.gitFolder, 'modules');
  // A name such as "a/modules/b" would choose the clone of a submodule of "a".
  const isNested = steps.some((_, at) => at > 0 && isGitFolder(join(modules, ...steps.slice(0, at))));
  if (!isNested && isGitFolder(join(modules, name))) return clone(parent.git, join(modules, name));
  if (parent.checkout === undefined) return undefined;
  // Git of long ago kept the clone in the checkout.
  const path = (await declared(parent.git, 'HEAD')).find((one) => one.name === name)?.path;
  if (path === undefined) return undefined;
  const inPlace = join(realpathSync(parent.checkout), path, '.git');
  const isReal = isGitFolder(inPlace) && realpathSync(inPlace) === inPlace;
  return isReal ? clone(parent.git, inPlace, join(inPlace, '..')) : undefined;
}

/** A repository by its git folder. */
export function clone(git: Git, gitFolder: string, checkout?: string): Superproject {
  // Without a work tree of its own, git fails if the person removed the folder of the submodule.
  const there = git.at(gitFolder).with({ GIT_DIR: gitFolder, GIT_WORK_TREE: checkout ?? gitFolder });
  return { git: there, gitFolder, checkout };
}

export function isGitFolder(folder: string): boolean {
  return existsSync(join(folder, 'HEAD'));
}

/** The clone at the end of a chain of names. */
export async function cloneOf(top: Superproject, names: readonly string[]): Promise<Superproject | undefined> {
  let found: Superproject | undefined = top;
  for (const name of names) found = found === undefined ? undefined : await ownClone(found, name);
  return found;
}

/**
 * Visits the submodules of a commit, each before its own submodules, which are visited if the visit made the commit
 * available in the person's clone.
 *
 * @param only the paths to visit in the top superproject; all of them by default
 */
export async function eachSubmodule(
  top: Superproject,
  commit: string,
  visit: (submodule: Submodule) => Promise<void>,
  only?: ReadonlySet<string>,
): Promise<void> {
  const level = async (parent: Superproject, tree: string, names: readonly string[], prefix: string): Promise<void> => {
    const found = (await declared(parent.git, tree)).filter(({ path }) => prefix !== '' || (only?.has(path) ?? true));
    const links = await linksAt(
      parent.git,
      tree,
      found.map(({ path }) => path),
    );
    for (const { name, path } of found) {
      const linked = links.get(path);
      if (linked === undefined) continue;
      const own = await ownClone(parent, name);
      const below = { names: [...names, name], fullPath: `${prefix}${path}` };
      await visit({ name, path, ...below, commit: linked, parent, own });
      if (own === undefined || (await own.git.commit(linked)) === undefined) continue;
      await level(own, linked, below.names, `${below.fullPath}/`);
    }
  };
  await level(top, commit, [], '');
}

/** The commits that a tree names at these paths. */
async function linksAt(git: Git, tree: string, paths: readonly string[]): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (let at = 0; at < paths.length; at += PATHS) {
    const words = ['ls-tree', '-z', '--full-tree', tree, '--', ...paths.slice(at, at + PATHS)];
    for (const entry of await git.list(words)) {
      const [, mode, commit = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      if (mode === '160000') links.set(path, commit);
    }
  }
  return links;
}

/** The links that differ between two commits or trees, without removed ones. */
export async function changedLinks(git: Git, before: string, after: string): Promise<ChangedLink[]> {
  const parts = await git.list(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', before, after]);
  return parts.flatMap((part, at) => {
    const [, mode, , commit = ''] = part.slice(1).split(' ');
    return part.startsWith(':') && mode === '160000' ? [{ path: parts[at + 1] ?? '', commit }] : [];
  });
}

/** True when a ref of the clone, or one of these refs, reaches the commit. */
export async function isKept(git: Git, commit: string, refs: readonly string[] = ['--all']): Promise<boolean> {
  const { code, stdout } = await git.try(['rev-list', '--max-count=1', commit, '--not', ...refs]);
  return code === 0 && stdout === '';
}
