import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { must, run, say } from './process.ts';

/** True when Debian's packages can be installed without asking a person: root, with apt-get. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && onPath('apt-get') !== undefined;
}

/** Installs Debian packages and prints `why`, because this takes a while. */
export async function installPackages(names: readonly string[], why: string): Promise<void> {
  say(`Installing ${names.join(', ')} with apt-get (${why})…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...names];
  // The lists of a fresh machine may be empty or old: try what is there first, since updating takes longest.
  if ((await run('apt-get', install, { env, output: 'hide' })).code === 0) return;
  await must('apt-get', ['update'], { env, output: 'hide' });
  await must('apt-get', install, { env, output: 'hide' });
}

/** The path of a command on PATH, or undefined. */
export function onPath(command: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command))
    .find((file) => existsSync(file));
}
