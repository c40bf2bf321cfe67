import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { RUN_MARKER } from '../core/agent/run-marker.ts';

/** Milliseconds after which a `ps` that does not answer is given up. */
const PS_MS = 5_000;

/** The properties of a process that matter for ending a run. */
export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  /** The process group it is in. */
  readonly pgid: number;
  /** True for a zombie, which runs no code. */
  readonly zombie: boolean;
}

/**
 * The living processes that belong to a run: in its process group, or marked with its marker, or descended from one of
 * these. Never this process itself. Linux knows the markers; other systems go by group and descent.
 */
export async function processesOf(run: {
  readonly pgid?: number | undefined;
  readonly isMarked: (marker: string) => boolean;
}): Promise<ProcessRow[]> {
  const rows = await listProcesses();
  const found = new Map<number, ProcessRow>();
  for (const row of rows) {
    if (row.pid === process.pid) continue;
    if (row.pgid === run.pgid || isMarked(row, run.isMarked)) found.set(row.pid, row);
  }
  // Children of children: until nothing is added. The tree is shallow, so this takes a few rounds.
  for (let added = found.size > 0; added; ) {
    added = false;
    for (const row of rows) {
      if (row.pid === process.pid || found.has(row.pid) || !found.has(row.ppid)) continue;
      found.set(row.pid, row);
      added = true;
    }
  }
  return [...found.values()].filter((row) => !row.zombie);
}

function isMarked(row: ProcessRow, matches: (marker: string) => boolean): boolean {
  if (row.zombie || process.platform !== 'linux') return false;
  const marker = markerOf(row.pid);
  return marker !== undefined && matches(marker);
}

function markerOf(pid: number): string | undefined {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined; // exited in the meantime, or another user's
  }
  const name = `${RUN_MARKER}=`;
  const start = environment.startsWith(name) ? 0 : environment.indexOf(`\0${name}`) + 1;
  if (start === 0 && !environment.startsWith(name)) return undefined;
  const end = environment.indexOf('\0', start);
  return environment.slice(start + name.length, end === -1 ? undefined : end);
}

async function listProcesses(): Promise<ProcessRow[]> {
  return process.platform === 'linux' ? readProc() : await askPs();
}

function readProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      // `pid (name) state ppid pgrp …`; the name may hold spaces and brackets, so the fields start after the last one.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [state, ppid, pgid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 3);
      rows.push({ pid, ppid: Number(ppid), pgid: Number(pgid), zombie: state === 'Z' || state === 'X' });
    } catch {
      // Ended while the list was read.
    }
  }
  return rows;
}

async function askPs(): Promise<ProcessRow[]> {
  const options = { maxBuffer: 1 << 24, timeout: PS_MS, killSignal: 'SIGKILL' } as const;
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], options);
  return stdout.split('\n').flatMap((line) => {
    const [pid, ppid, pgid, state] = line.trim().split(/\s+/);
    if (pid === undefined || state === undefined) return [];
    return [{ pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid), zombie: state.startsWith('Z') }];
  });
}
