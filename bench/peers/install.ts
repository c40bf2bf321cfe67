import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './command.ts';

const names = ['task-master-ai', 'backlog.md'] as const;

const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'systemprompt-tasks', 'bench-peers');

/** Where a peer's program is. */
export function peerProgram(name: string): string {
  return join(folder, 'node_modules', '.bin', name);
}

export function peerVersion(name: (typeof names)[number]): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
  return String(version);
}

/**
 * Installs the peers once, into a cache of their own; install scripts of other people's packages are not run.
 *
 * @returns why they are not there, or undefined
 */
export async function installPeers(): Promise<string | undefined> {
  if (names.every((name) => existsSync(join(folder, 'node_modules', name, 'package.json')))) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runProgram(['npm', 'install', ...flags, ...names], folder);
  return code === 0 ? undefined : `npm could not install them: ${output.trim().split('\n').at(-1) ?? ''}`;
}
