import { createHash, randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { textStep } from '../../core/next-step.ts';
import { type Environment, stateFolder } from '../../store/machine-folder.ts';
import { makeFolders } from '../../store/make-folders.ts';
import { firstLines, Git } from './git.ts';
import { exists } from './link.ts';
import { wary } from './remote.ts';

const QUOTA_BYTES = 10 * 1024 * 1024 * 1024;
/** A large repository takes long over a slow network. */
const CLONE_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface CacheOptions {
  readonly env?: Environment;
  readonly quotaBytes?: number;
}

/** True for the address of a remote repository: `https://host/path`, `file:///path` or `user@host:path`. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z+]*:\/\/[^\s]+$/i.test(text) || /^[\w.-]+@[\w.-]+:[^\s]+$/.test(text);
}

/**
 * A checkout of a repository for the workers of this machine: made once, with submodules, and updated to the branch of the
 * remote at each later call. Above the quota, the checkouts that were used least recently are removed, unless they
 * were used within a day or have work of tasks.
 *
 * @throws TaskError `GitFailed` with the message of git
 */
export async function cachedCheckout(
  address: string,
  logger: Logger,
  { env = process.env, quotaBytes = QUOTA_BYTES }: CacheOptions = {},
): Promise<string> {
  const root = join(stateFolder(env), 'checkouts');
  await makeFolders(root);
  const folder = join(root, nameOf(address));
  if (await exists(folder)) await update(folder, logger);
  else await clone(address, root, folder, logger);
  await utimes(folder, new Date(), new Date());
  await keepQuota(root, folder, quotaBytes, logger);
  return folder;
}

/** The end of the address, and a digest of all of it. */
function nameOf(address: string): string {
  const end = basename(address.replace(/\/+$/, ''), '.git').replace(/[^\w.-]+/g, '-');
  return `${end.slice(-40)}-${createHash('sha256').update(address).digest('hex').slice(0, 12)}`;
}

async function clone(address: string, root: string, folder: string, logger: Logger): Promise<void> {
  logger.info(`Cloning ${withoutPassword(address)} into ${folder}.`);
  const staged = join(root, `.${randomBytes(6).toString('hex')}`);
  try {
    const git = new Git(root).configured(wary, CLONE_MS);
    const { code, stderr } = await git.try(['clone', '--quiet', '--recurse-submodules', '--', address, staged]);
    if (code !== 0) throw notCloned(address, firstLines(stderr));
    // Another worker may have cloned it at the same time.
    await rename(staged, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(staged, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A checkout without the latest commits still works: results have what they need. */
async function update(folder: string, logger: Logger): Promise<void> {
  const git = new Git(folder).configured(wary, CLONE_MS);
  for (const words of [
    ['fetch', '--quiet', '--no-tags', 'origin'],
    ['merge', '--ff-only', '--quiet', '@{upstream}'],
  ]) {
    const { code, stderr } = await git.try(words);
    if (code === 0) continue;
    logger.warn(`${folder} could not be updated: ${firstLines(stderr)}`);
    return;
  }
}

async function keepQuota(root: string, current: string, quota: number, logger: Logger): Promise<void> {
  const found: { folder: string; bytes: number; usedAt: number }[] = [];
  for (const name of await readdir(root)) {
    const folder = join(root, name);
    found.push({ folder, bytes: await sizeOf(folder), usedAt: (await stat(folder)).mtimeMs });
  }
  let bytes = found.reduce((sum, each) => sum + each.bytes, 0);
  for (const each of found.sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= quota) return;
    if (each.folder === current || Date.now() - each.usedAt < DAY_MS || (await hasWork(each.folder))) continue;
    await rm(each.folder, { recursive: true, force: true, maxRetries: 3 });
    bytes -= each.bytes;
    logger.info(`Removed ${each.folder}, because checkouts take more than ${Math.round(quota / 1024 / 1024)} MB.`);
  }
}

/** Branches that the remote does not have, worktrees, or changed files. */
async function hasWork(folder: string): Promise<boolean> {
  const git = new Git(folder);
  const [local, worktrees, status] = await Promise.all([
    git.try(['log', '--oneline', '-1', '--branches', '--not', '--remotes']),
    git.try(['worktree', 'list', '--porcelain']),
    git.try(['status', '--porcelain', '--', ':!.systemprompt']),
  ]);
  if ([local, worktrees, status].some(({ code }) => code !== 0)) return true;
  return local.stdout !== '' || status.stdout !== '' || worktrees.stdout.match(/^worktree /gm)?.length !== 1;
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const file of files) {
    if (file.isFile()) bytes += (await stat(join(file.parentPath, file.name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

function withoutPassword(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
}

function notCloned(address: string, why: string): TaskError {
  return new TaskError('GitFailed', `${withoutPassword(address)} could not be cloned: ${withoutPassword(why)}`, {
    next: [textStep('Check the address and your access to it with "git ls-remote".')],
  });
}
