import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './command.ts';

type PeerName = 'task-master-ai' | 'backlog.md';

const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'systemprompt-tasks', 'bench-peers');

/** The place of a peer's program. */
export function peerProgram(name: string): string {
  return join(folder, 'node_modules', '.bin', name);
}

export function peerVersion(name: PeerName): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
  return String(version);
}

/** Installs a peer once, into its own cache, without install scripts.
 *
 * @returns why it is not there, or undefined
 */
export async function installPeer(name: PeerName): Promise<string | undefined> {
  if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return undefined;
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json'))) {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  }
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runProgram(['npm', 'install', ...flags, name], folder);
  if (code === 0) return undefined;
  return `npm ended with ${code ?? 'a timeout'}: ${output.trim().split('\n').at(-1) ?? ''}`;
}
