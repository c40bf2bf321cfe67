import type { ProcessGroup, ProcessGroupOptions } from './process-group.ts';

/** A program to start for an agent. */
export interface LaunchRequest extends ProcessGroupOptions {
  /** The agent's name, by which a sandbox can choose its rules. */
  readonly agent: string;
}

/**
 * Starts every process of every agent, and ends those that outlived their worker. A sandbox is another implementation:
 * it may run the program elsewhere, but returns the same streams, and `end` leaves nothing running.
 */
export interface Launcher {
  /** @throws TaskError `AgentUnavailable` when the program cannot be started as required */
  start(request: LaunchRequest): Promise<ProcessGroup>;
  /** See `AgentCatalog.endLeftBehind`. */
  endLeftBehind(taskId: string, isStillAbandoned: () => Promise<boolean>): Promise<number>;
}

/** Starts programs as plain processes of this user. Its code loads with the first process. */
export const plainLauncher: Launcher = {
  async start({ agent: _agent, ...options }) {
    const { startProcessGroup } = await import('./process-group.ts');
    return await startProcessGroup(options);
  },
  async endLeftBehind(taskId, isStillAbandoned) {
    const { endLeftBehind } = await import('./end-processes.ts');
    return (await endLeftBehind(taskId, isStillAbandoned)).ended;
  },
};
