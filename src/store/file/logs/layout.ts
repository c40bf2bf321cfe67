import { join, sep } from 'node:path';
import { type FileSystem, isMissing } from '../disk/file-system.ts';

/**
 * The places of the parts of one task's log. Lines are appended to `<id>.jsonl`. A large file becomes a part with a
 * number in the folder `<id>/`, and a new one is started; old parts are compressed. Archived logs have the same form in
 * another place.
 */
export function logFile(root: string, id: string): string {
  return `${root}${sep}${id}.jsonl`;
}

/** Ended parts, the index, and texts that are too long for a line. Only there once there is one of them. */
export function logFolder(root: string, id: string): string {
  return join(root, id);
}

/** The id of the task whose log is appended to in a file of this name; undefined for another file. */
export function logIdOf(name: string): string | undefined {
  return /^([A-Za-z0-9][A-Za-z0-9_-]*)\.jsonl$/.exec(name)?.[1];
}

/** A position combines a part and a byte in it in one number, and remains valid when earlier parts are compressed. */
const SPAN = 2 ** 32;

export interface Place {
  readonly part: number;
  readonly offset: number;
}

export function positionOf({ part, offset }: Place): number {
  return part * SPAN + offset;
}

export function placeOf(position: number): Place {
  const part = Math.floor(position / SPAN);
  return { part, offset: position - part * SPAN };
}

export async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
