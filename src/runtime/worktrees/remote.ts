import type { Logger } from '../../core/logger.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { Settings } from '../settings/settings.ts';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';

/** The services for results on a remote. */
export interface ResultsContext {
  readonly store: TaskStore;
  readonly settings: Pick<Settings, 'worktrees'>;
  readonly logger: Logger;
}

/** The remote through which the machines of a shared store exchange results. */
export interface Remote {
  readonly name: string;
  /** Git with a time limit, for commands that use the network. */
  readonly git: Git;
}

/** A remote that does not answer must not occupy a worker for long. */
const NETWORK_MS = 120_000;
const DEFAULT_REMOTE = 'origin';
const NONE = 'none';

/** The content of a remote is untrusted: git checks every received object, and runs no program that an address names. */
export const wary: readonly (readonly [string, string])[] = [
  ['transfer.fsckObjects', 'true'],
  ['protocol.ext.allow', 'never'],
];

/** False for a store of one machine, and if the settings turn the exchange of results off. */
export function areExchanged({ store, settings }: ResultsContext): boolean {
  return store.coordination.isShared && settings.worktrees?.remote !== NONE;
}

/** Undefined for a store of one machine, and for a repository without a remote. */
export async function resultsRemote(
  context: ResultsContext,
  { git }: Pick<Repository, 'git'>,
): Promise<Remote | undefined> {
  return areExchanged(context) ? remoteOf(git, context.settings.worktrees?.remote) : undefined;
}

/** The wanted remote of a repository, by default "origin" or the only one; undefined without it. */
export async function remoteOf(git: Git, wanted?: string): Promise<Remote | undefined> {
  const names = (await git.text(['remote'])).split('\n').filter((name) => name !== '');
  const only = names.length === 1 ? names[0] : undefined;
  const name = wanted ?? (names.includes(DEFAULT_REMOTE) ? DEFAULT_REMOTE : only);
  if (name === undefined || !names.includes(name)) return undefined;
  return { name, git: git.configured([...wary, ['submodule.recurse', 'false']], NETWORK_MS) };
}
