import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The person's own folder of files that the product makes on this machine. */
export function stateFolder(env: Environment): string {
  const local = process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined;
  return ownFolder(env['XDG_STATE_HOME'] ?? local, '.local', 'state');
}

/** The person's own folder of settings on this machine. */
export function machineFolder(env: Environment): string {
  return ownFolder(env['XDG_CONFIG_HOME'], '.config');
}

/** An empty or relative path would lead into the current folder, whose files are not the person's own decisions. */
function ownFolder(given: string | undefined, ...inHome: readonly string[]): string {
  return join(given !== undefined && isAbsolute(given) ? given : join(homedir(), ...inHome), 'systemprompt');
}
