import { join, sep } from 'node:path';

/** Names of everything in a workspace's `.systemprompt` folder. */
export interface Layout {
  readonly root: string;
  readonly state: string;
  readonly stateFile: string;
  readonly journal: string;
  readonly tasks: string;
  readonly logs: string;
  readonly quarantine: string;
  /** Tasks that were taken out of memory, and in `logs` below it their logs. */
  readonly archive: string;
  readonly archivedLogs: string;
  /** Task files are written here first, in a folder per generation of the journal (see `task-files.ts`). */
  readonly staging: string;
}

export function layoutOf(folder: string): Layout {
  const root = join(folder, '.systemprompt');
  // Without `join` from here: each call takes as long as reading a small file.
  const state = `${root}${sep}state`;
  const archive = `${state}${sep}archive`;
  return {
    root,
    state,
    stateFile: `${state}${sep}state.json`,
    journal: `${state}${sep}journal`,
    tasks: `${state}${sep}tasks`,
    logs: `${state}${sep}logs`,
    quarantine: `${state}${sep}quarantine`,
    archive,
    archivedLogs: `${archive}${sep}logs`,
    staging: `${state}${sep}staging`,
  };
}

export function segmentFile(layout: Layout, generation: number): string {
  return join(layout.journal, `${String(generation).padStart(8, '0')}.jsonl`);
}

/** The generation in a file name of the journal's folder, or undefined for a foreign file. */
export function generationOf(name: string): number | undefined {
  const digits = /^(\d{8,12})\.jsonl$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Without `join`, which normalizes the whole path for each of thousands of files. */
export function taskFile(layout: Layout, id: string): string {
  return `${layout.tasks}${sep}${id}.json`;
}

/** `name` comes from the first line of the segment (see `journal.ts`). */
export function stagingFolder(layout: Layout, name: string): string {
  return `${layout.staging}${sep}${name}`;
}

export function isTaskFileName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.json$/.test(name);
}
