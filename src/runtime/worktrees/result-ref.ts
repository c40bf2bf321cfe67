import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { firstLines } from './git.ts';
import type { Remote } from './remote.ts';

export const RESULTS = 'refs/systemprompt/results';
/** Names to try for a result: other stores may use the same remote and the same numbers. */
const NAMES = 50;

/** A commit that was pushed, with its ref on the remote. */
export interface Pushed {
  readonly ref: string;
  readonly commit: string;
}

export interface Push {
  readonly number: number;
  readonly commit: string;
  /** The last push of the same work, which this one replaces unless another process changed it on the remote. */
  readonly last: Pushed | undefined;
  /** Refs that are created together with the result. */
  readonly along?: readonly string[];
  /** The subject of a refusal, for example "The result of #7". */
  readonly what: string;
}

/**
 * Pushes a commit as the result of a task.
 *
 * @returns the ref on the remote: that of the last push if nothing else changed it, else a new one
 * @throws TaskError `GitFailed` if the remote does not accept it
 */
export async function pushUnderResults(
  remote: Remote,
  { number, commit, last, along = [], what }: Push,
): Promise<string> {
  const first = `${RESULTS}/${number}`;
  const fresh = Array.from({ length: NAMES }, (_, at) => (at === 0 ? first : `${first}-${at + 1}`));
  const names = last === undefined ? fresh : [last.ref, ...fresh.filter((ref) => ref !== last.ref)];
  for (const ref of names) {
    // Without an expected commit, git only creates.
    const expected = ref === last?.ref ? last.commit : '';
    const leases = [`--force-with-lease=${ref}:${expected}`, ...along.map((one) => `--force-with-lease=${one}:`)];
    const refs = [`${commit}:${ref}`, ...along.map((one) => `${one}:${one}`)];
    const words = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no', '--no-signed'];
    const { stdout, stderr } = await remote.git.try(['push', ...words, ...leases, remote.name, ...refs]);
    const line = stdout.split('\n').find((each) => each.split('\t')[1]?.endsWith(`:${ref}`) === true);
    if (line !== undefined && !line.startsWith('!')) return ref;
    // Another store, or another run, has this name on the remote: its commits stay.
    if (line !== undefined && /stale info|already exists|non-fast-forward|fetch first/.test(line)) continue;
    throw notPushed(`${what} could not be pushed to "${remote.name}": ${firstLines(line ?? stderr)}`);
  }
  throw notPushed(`${what} could not be pushed to "${remote.name}": the names ${first} to ${names.at(-1)} are in use`);
}

function notPushed(message: string): TaskError {
  return new TaskError('GitFailed', message, {
    next: [textStep('Fix what git reports. The worker tries again, and the branch stays on this machine until then.')],
  });
}

/**
 * Deletes a ref from a remote unless another process changed it there.
 *
 * @throws TaskError `GitFailed` without an answer of the remote
 */
export async function deleteRef(remote: Remote, ref: string, commit: string): Promise<void> {
  const listed = await remote.git.text(['ls-remote', '--quiet', '--refs', remote.name, ref]);
  if (listed !== `${commit}\t${ref}`) return;
  await remote.git.text([
    'push',
    '--quiet',
    '--no-verify',
    `--force-with-lease=${ref}:${commit}`,
    remote.name,
    `:${ref}`,
  ]);
}
