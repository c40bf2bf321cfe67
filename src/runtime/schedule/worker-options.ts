import type { AgentCatalog } from '../../core/agent/catalog.ts';
import type { Logger } from '../../core/logger.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { WorkerPresence } from '../liveness/presence.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { WorkerCommand } from './spawn-worker.ts';

export interface WorkerOptions {
  readonly store: TaskStore;
  readonly agents: AgentCatalog;
  readonly logger: Logger;
  readonly mode: WorkerPresence['mode'];
  /** Settings that override the files of settings, which are read again at each look for work. */
  readonly settings?: Partial<Settings> | undefined;
  /** The source of the settings, in place of `settings` and the files. */
  readonly live?: LiveSettings | undefined;
  /**
   * Maximum number of running tasks in the folder, across all workers; open sessions that wait for a person do not
   * count. Workers with different limits together come to the largest of them.
   */
  readonly maxParallel?: number | undefined;
  /** Names of the agents whose tasks the worker runs. Default: all that are installed. */
  readonly onlyAgents?: readonly string[] | undefined;
  /** Maximum number of running tasks in the folder for each agent name, across all workers. */
  readonly maxPerAgent?: Readonly<Record<string, number>> | undefined;
  /** Starts the command line in another process: agents get the tools for their task by it. Default: no such tools. */
  readonly program?: WorkerCommand | undefined;
  /** Milliseconds without work after which the worker exits. Default: never. */
  readonly idleExitMs?: number | undefined;
  /** Milliseconds that an open session waits for a follow-up. */
  readonly sessionIdleMs?: number | undefined;
}
