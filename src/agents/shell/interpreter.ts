import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Environment } from '../environment.ts';
import { findProgram } from '../find-program.ts';

/** The interpreter for scripts on this machine. */
export interface Interpreter {
  readonly name: string;
  readonly path: string;
  /** Ending of a script's file name, with the dot. */
  readonly extension: string;
  /** Arguments before the script's path. */
  readonly args: readonly string[];
}

const posix = [
  { name: 'bash', extension: '.sh', args: [] },
  { name: 'sh', extension: '.sh', args: [] },
];
const powershell = ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File'];
const windows = [
  { name: 'pwsh', extension: '.ps1', args: powershell },
  { name: 'powershell', extension: '.ps1', args: powershell },
  { name: 'cmd', extension: '.cmd', args: ['/d', '/c'] },
];

/** Bash if installed, else the system's shell; undefined without either. */
export function findInterpreter(env: Environment): Interpreter | undefined {
  for (const candidate of process.platform === 'win32' ? windows : posix) {
    const path = findProgram(candidate.name, env);
    if (path !== undefined) return { ...candidate, path };
  }
  return undefined;
}

/** Text from Windows: a byte order mark and, for a POSIX shell, carriage returns would become a part of commands. */
function scriptText(text: string, { extension }: Interpreter): string {
  const plain = text.replace(/^\ufeff/, '');
  return extension === '.sh' ? plain.replaceAll('\r\n', '\n') : plain;
}

/**
 * Writes a script where only this user can read it. A file rather than an argument, because an argument has a length
 * limit far below a task's, and rather than standard input, because the script's own commands read that.
 *
 * @throws TaskError `AgentUnavailable` when it cannot be written
 */
export async function writeScript(
  text: string,
  interpreter: Interpreter,
): Promise<{ path: string; remove: () => Promise<void> }> {
  try {
    const { temporaryFolder } = await import('../../machine/temporary.ts');
    const { path: folder, remove } = await temporaryFolder('script');
    const path = join(folder, `task${interpreter.extension}`);
    await writeFile(path, scriptText(text, interpreter), { mode: 0o600 });
    return { path, remove };
  } catch (error) {
    throw new TaskError('AgentUnavailable', `The script could not be written to ${tmpdir()}.`, {
      next: [textStep('Check that the folder for temporary files is writable and not full (TMPDIR).')],
      cause: error,
    });
  }
}
