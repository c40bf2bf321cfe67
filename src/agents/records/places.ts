import { lstat, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';

/** Folders that a search looks into. */
const MAX_FOLDERS = 5_000;

/** A folder of the agent, from a variable that moves it or below the home folder of its environment. */
export function agentFolder(env: Environment, variable: string, ...below: readonly string[]): string {
  const moved = env[variable];
  return moved === undefined || moved === '' ? join(env.HOME ?? homedir(), ...below) : moved;
}

/** Names in a folder, newest first where names are dates. Empty for a folder that is missing or not readable. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort().reverse().slice(0, MAX_FOLDERS);
}

/** Looks for the paths once, until there are some. */
export function untilFound(find: () => Promise<readonly string[]>): () => Promise<readonly string[]> {
  let found: readonly string[] = [];
  return async () => {
    if (found.length === 0) found = await find();
    return found;
  };
}

/**
 * The state of a file before it is opened: opening a pipe would wait for its other end.
 *
 * @throws Error for a path that is missing or no regular file
 */
export async function regularFile(path: string): Promise<{ readonly size: number }> {
  const stat = await lstat(path);
  if (!stat.isFile()) throw new Error(`${path} is not a file`);
  return stat;
}
