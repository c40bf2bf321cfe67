import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Environment } from './environment.ts';

/**
 * The absolute path of a program: searched on PATH, or validated if it is a path (a relative one starts at `folder`).
 * Undefined if no executable file is found.
 */
export function findProgram(command: string, env: Environment, folder?: string | undefined): string | undefined {
  if (command === '' || command.includes('\0')) return undefined;
  if (isAbsolute(command) || command.includes('/') || command.includes('\\')) {
    if (!isAbsolute(command) && folder === undefined) return undefined;
    return executable(resolve(folder ?? '/', command), env);
  }
  for (const place of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    // An empty or relative part of PATH would find programs in the current folder of this process.
    if (!isAbsolute(place)) continue;
    const found = executable(join(place, command), env);
    if (found !== undefined) return found;
  }
  return undefined;
}

function executable(path: string, env: Environment): string | undefined {
  const extensions = process.platform === 'win32' ? ['', ...(env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';')] : [''];
  return extensions.map((extension) => path + extension).find(mayExecute);
}

function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
