import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { outdatedDependencies, vulnerableDependencies } from '../../core/analysis/dependencies.ts';
import type { CodeSuggestion } from '../../core/analysis/suggestion.ts';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';

/** A registry that does not answer does not block the other suggestions. */
const LIMIT_MS = 60_000;
const MAX_OUTPUT = 50_000_000;

/** Variables that npm needs. A folder's `.npmrc` can put others into an address. */
const passed = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'SystemRoot',
  'TMPDIR',
  'HTTPS_PROXY',
  'https_proxy',
] as const;

/**
 * Vulnerable and outdated dependencies of a folder with a `package-lock.json`, by npm, which asks its registry.
 *
 * @throws TaskError `InvalidInput` without that file or an answer of npm: an empty list would pass for a clean one. The
 *   reason of the signal
 */
export async function dependencySuggestions(folder: string, signal?: AbortSignal): Promise<CodeSuggestion[]> {
  if (!existsSync(join(folder, 'package-lock.json'))) {
    throw new TaskError('InvalidInput', 'Only npm can list dependencies, and the folder has no package-lock.json.', {
      next: [textStep('Leave out the kind dependencies.')],
    });
  }
  const [audit, outdated] = await Promise.all([
    npm(folder, ['audit', '--json'], signal),
    npm(folder, ['outdated', '--json'], signal),
  ]);
  signal?.throwIfAborted();
  const [vulnerable, old] = [vulnerableDependencies(audit), outdatedDependencies(outdated)];
  if (vulnerable !== undefined && old !== undefined) return [...vulnerable, ...old];
  throw new TaskError('InvalidInput', `npm did not answer within ${LIMIT_MS / 1_000} s, or failed.`, {
    next: [shellStep('See its error', vulnerable === undefined ? 'npm audit' : 'npm outdated')],
  });
}

/** Both commands end with 1 if they found something, and write their JSON all the same. */
function npm(folder: string, args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  const env = Object.fromEntries(
    passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const options = { cwd: folder, env, maxBuffer: MAX_OUTPUT, timeout: LIMIT_MS, encoding: 'utf8', signal } as const;
  return new Promise((resolve) => {
    execFile('npm', [...args, '--ignore-scripts', '--no-update-notifier'], options, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
