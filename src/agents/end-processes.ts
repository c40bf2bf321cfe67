import { setTimeout as delay } from 'node:timers/promises';
import { isOfRun, noncesOf } from '../core/agent/run-marker.ts';
import { type ProcessRow, processesOf } from './process-table.ts';

/** The number of processes that were signalled, and the ids of those that did not exit. */
export interface LeftOver {
  readonly ended: number;
  readonly left: readonly number[];
}

/** Milliseconds from SIGTERM to SIGKILL; with the polling, everything has exited within 2 s. */
const GRACE_MS = 1_200;
/**
 * After SIGKILL only the kernel can keep a process (for example on a dead disk): report it instead of waiting for ever.
 */
const KERNEL_MS = 10_000;
const POLL_MS = 25;

/** One run's processes: its group, and the marks in the environment of those that left the group. */
export interface Run {
  readonly pgid: number;
  readonly taskId: string;
  readonly nonce: string;
}

/** Its living processes. */
export async function processesOfRun({ pgid, taskId, nonce }: Run): Promise<ProcessRow[]> {
  return await processesOf({ pgid, isMarked: (marker) => isOfRun(marker, taskId, nonce) });
}

/** Ends a process group and processes that left it, and waits until all have exited. Never rejects. */
export async function endRun(run: Run): Promise<LeftOver> {
  return await endAll(() => processesOfRun(run), run.pgid);
}

/**
 * Ends every remaining process of earlier runs of the task on this machine, for any worker. Only Linux can find them;
 * elsewhere this does nothing.
 *
 * @param isStillAbandoned called once the runs are known, because another worker may have started a new run of the task
 */
export async function endLeftBehind(taskId: string, isStillAbandoned: () => Promise<boolean>): Promise<LeftOver> {
  const runs = new Set<string>();
  const note = (marker: string): boolean => {
    for (const nonce of noncesOf(marker, taskId)) runs.add(nonce);
    return false;
  };
  await safely(() => processesOf({ isMarked: note }));
  if (runs.size === 0 || !(await isStillAbandoned())) return { ended: 0, left: [] };
  return await endAll(() =>
    processesOf({ isMarked: (marker) => noncesOf(marker, taskId).some((nonce) => runs.has(nonce)) }),
  );
}

async function endAll(find: () => Promise<ProcessRow[]>, pgid?: number): Promise<LeftOver> {
  const signalled = new Set<number>();
  const began = performance.now();
  for (let first = true; ; first = false) {
    const searched = performance.now();
    const found = await safely(find);
    const took = performance.now() - searched;
    const waited = performance.now() - began;
    if (found.length === 0 || waited > GRACE_MS + KERNEL_MS) {
      return { ended: signalled.size, left: found.map((row) => row.pid) };
    }
    const kill = waited >= GRACE_MS;
    // SIGTERM once each, including processes started in the meantime; SIGKILL until they have exited.
    const targets = kill ? found : found.filter((row) => !signalled.has(row.pid));
    // One call for the whole group: no member can start a process between two signals.
    const whole = first || kill ? pgid : undefined;
    if (whole !== undefined && targets.some((row) => row.pgid === whole)) signal(-whole, kill);
    for (const row of targets) {
      if (row.pgid !== whole) signal(row.pid, kill);
      signalled.add(row.pid);
    }
    // On a machine with very many processes the search itself must not become the load.
    await delay(Math.max(POLL_MS, 4 * took));
  }
}

function signal(pid: number, kill: boolean): void {
  try {
    process.kill(pid, kill ? 'SIGKILL' : 'SIGTERM');
  } catch {
    // Exited in the meantime.
  }
}

async function safely(find: () => Promise<ProcessRow[]>): Promise<ProcessRow[]> {
  try {
    return await find();
  } catch {
    return []; // the process list is unavailable: the remaining processes cannot be found
  }
}
