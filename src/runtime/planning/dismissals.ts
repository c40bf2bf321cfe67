import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { readRegular } from '../../machine/read-regular.ts';
import { makeFolders } from '../../store/make-folders.ts';

const MAX_BYTES = 5_000_000;

const lineSchema = z.union([z.object({ dismissed: z.string() }), z.object({ restored: z.string() })]);

/**
 * Keys of the suggestions that people of this workspace dismissed. The file has one decision per line, and the last one
 * about a key counts. It is untrusted: it can hide suggestions and nothing else.
 *
 * @throws TaskError `InvalidInput` for a file that is no regular file or too large
 */
export async function readDismissals(workspace: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  const file = fileOf(workspace);
  let text: string;
  try {
    text = await readRegular(file, MAX_BYTES);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return keys;
    throw new TaskError('InvalidInput', `${file} cannot be read (${(cause as Error).message}).`, { cause });
  }
  for (const line of text.split('\n')) {
    const decision = decisionIn(line);
    if (decision === undefined) continue;
    if ('dismissed' in decision) keys.add(decision.dismissed);
    else keys.delete(decision.restored);
  }
  return keys;
}

/**
 * Records decisions about suggestions. Appending needs no lock: processes that decide at the same moment both count.
 *
 * @throws TaskError `InvalidInput` if the folder or the file is a link
 */
export async function recordDismissals(
  workspace: string,
  keys: readonly string[],
  decision: 'dismissed' | 'restored',
): Promise<void> {
  const folder = join(workspace, '.systemprompt');
  await makeFolders(folder);
  if ((await lstat(folder)).isSymbolicLink()) throw new TaskError('InvalidInput', `${folder} is a symbolic link.`);
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const file = fileOf(workspace);
  try {
    const handle = await open(file, flags, 0o644);
    try {
      await handle.appendFile(keys.map((key) => `${JSON.stringify({ [decision]: key })}\n`).join(''));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new TaskError('InvalidInput', `${file} cannot be written (${(cause as Error).message}).`, { cause });
  }
}

function decisionIn(line: string): z.output<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function fileOf(workspace: string): string {
  return join(workspace, '.systemprompt', 'suggestions.jsonl');
}
