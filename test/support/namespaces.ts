import { execFileSync } from 'node:child_process';

const program = 'unshare';
/** The end of the first process ends all others of its namespace, like a machine that loses its power. */
const flags = ['--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** Puts a command into network and process namespaces of its own: another machine with the same host name. */
export function asMachine(command: readonly string[]): [string, string[]] {
  return [program, [...flags, ...command]];
}

/** Tests that need namespaces are skipped where the kernel or the sandbox refuses them: loudly. */
export function namespacesOrSkip(): string | false {
  try {
    execFileSync(program, [...flags, 'true'], { stdio: 'pipe' });
    return false;
  } catch {
    const skip = 'Processes cannot get namespaces of their own here.';
    console.error(`\n!!! The tests with several machines CANNOT RUN HERE: ${skip}\n`);
    return skip;
  }
}
