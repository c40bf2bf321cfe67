import { execFile } from 'node:child_process';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';

const MAX_OUTPUT = 200_000_000;
const LIMIT_MS = 120_000;

/** A repository as GitHub names it: `owner/name`, with a host before it for GitHub Enterprise. Never an option of `gh`. */
export const repositoryName = /^(?!-)(?:[\w.-]{1,100}\/)?[\w.-]{1,100}\/[\w.-]{1,100}$/;

/**
 * Runs GitHub's own command line `gh`, which has the login of the person: no token passes through here.
 *
 * @returns its output
 * @throws TaskError `InvalidInput` if `gh` is not installed, not logged in, or refuses; the reason of the signal
 */
export function gh(folder: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // It never asks, because no person could answer.
    const env = { ...process.env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' };
    const options = { cwd: folder, env, maxBuffer: MAX_OUTPUT, timeout: LIMIT_MS, signal, encoding: 'utf8' } as const;
    const child = execFile('gh', args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (signal?.aborted === true) reject(signal.reason);
      else reject(failed(error, stderr));
    });
    child.stdin?.end();
  });
}

function failed(error: Error & { readonly code?: string | number | null | undefined }, stderr: string): TaskError {
  if (error.code === 'ENOENT') {
    return new TaskError('InvalidInput', 'gh, the command line of GitHub, is not on the PATH.', {
      cause: error,
      next: [textStep('Install it from https://cli.github.com, then log in.')],
    });
  }
  const [reason = ''] = stderr.trim().split('\n');
  return new TaskError('InvalidInput', `gh failed: ${reason || error.message}.`, {
    cause: error,
    next: [shellStep('Check the login', 'gh auth status')],
  });
}
