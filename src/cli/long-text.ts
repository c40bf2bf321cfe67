import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { limits } from '../core/task/values.ts';

/**
 * UTF-8 has at most four bytes a character; one more byte shows that the text is too long without reading all of it.
 */
const MAX_BYTES = limits.textChars * 4;

/**
 * Reads a text that does not fit on a command line, from a file or, for `-`, from standard input.
 *
 * @throws TaskError `InvalidInput` when it cannot be read or is no UTF-8, `TooLarge`
 */
export async function readLongText(flag: string, source: string, folder: string): Promise<string> {
  const bytes = source === '-' ? await collect(process.stdin) : await readFile(flag, resolve(folder, source));
  if (bytes === undefined) {
    throw new TaskError('TooLarge', `--${flag}: more than ${limits.textChars.toLocaleString('en')} characters.`, {
      next: [textStep('Shorten it, or name the file in the text and let the agent read it.')],
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TaskError('InvalidInput', `--${flag}: ${source === '-' ? 'the input' : source} is not text in UTF-8.`, {
      cause,
    });
  }
}

async function readFile(flag: string, path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      return await collect(file.createReadStream({ autoClose: false }));
    } finally {
      await file.close();
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError('InvalidInput', `--${flag}: ${path} cannot be read (${why}).`, { cause });
  }
}

/** All bytes, or undefined when there are more than a text may have. */
async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
