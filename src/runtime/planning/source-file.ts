import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { decodeText } from '../../formats/decode.ts';

/** Larger files are refused before they are read. */
export const MAX_SOURCE_BYTES = 20_000_000;

/** A text file from which tasks are planned. */
export interface SourceFile {
  /** Relative to the workspace if it is inside, with forward slashes. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Reads a text file.
 *
 * @param file - absolute, or relative to the folder
 * @throws TaskError `InvalidInput` if it is missing, unreadable, no regular file or no text; `TooLarge`
 */
export async function readSourceFile(folder: string, file: string): Promise<SourceFile> {
  const path = resolve(folder, file);
  const name = sourceName(folder, path);
  return { name, path, text: decodeText(await readBytes(path, name), name) };
}

/** The text of a file beside another one; undefined if there is none. */
export async function readBeside(source: SourceFile, name: string): Promise<string | undefined> {
  try {
    return (await readSourceFile(join(source.path, '..'), name)).text;
  } catch (error) {
    if (TaskError.is(error, 'InvalidInput', 'TooLarge')) return undefined;
    throw error;
  }
}

/** Name of a path in messages and in the source of a plan. */
export function sourceName(folder: string, path: string): string {
  const inside = relative(folder, path);
  return (inside.startsWith('..') || isAbsolute(inside) ? path : inside || '.').split(sep).join('/');
}

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    // A named pipe would block the call that opens it.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new TaskError('InvalidInput', `${name} is not a regular file.`);
      if (facts.size > MAX_SOURCE_BYTES) throw tooLarge(name, facts.size);
      const bytes = Buffer.alloc(facts.size);
      const { bytesRead } = await file.read(bytes, 0, facts.size, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (TaskError.is(cause)) throw cause;
    throw new TaskError('InvalidInput', `${name} cannot be read (${(cause as Error).message}).`, { cause });
  }
}

function tooLarge(name: string, size: number): TaskError {
  const message = `${name} has ${Math.round(size / 1_000_000)} MB; the limit is ${MAX_SOURCE_BYTES / 1_000_000} MB.`;
  return new TaskError('TooLarge', message, { next: [textStep('Split it into several files.')] });
}
