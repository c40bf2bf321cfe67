import { homedir } from 'node:os';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The person's own folder of settings on this machine. */
export function machineFolder(env: Environment): string {
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemprompt');
}
