import { readdirSync, readFileSync } from 'node:fs';
import { RUN_MARKER } from '../../src/core/agent/run-marker.ts';

/**
 * The processes of a task's runs that are alive, as `pid command`, by the mark in their environment: looked up here,
 * not by the code under test. Linux only; elsewhere it finds nothing.
 */
export function processesLeft(taskId: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${RUN_MARKER}=${taskId}:`))
        return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()}`];
    } catch {
      return [];
    }
  });
}

/** Whether there is such a process. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
