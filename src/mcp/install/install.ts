import { lstat, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { newPartId } from '../../core/task/id.ts';
import { makeFolders } from '../../store/make-folders.ts';
import { addServer } from './add-server.ts';
import type { McpClient, ServerCommand } from './clients.ts';

const MAX_BYTES = 5_000_000;

/** A change of a client's configuration, before it is written. */
export interface Installation {
  readonly file: string;
  /** The entry as the client reads it. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** The whole new text; undefined if the server is configured already. */
  readonly text: string | undefined;
}

/** @throws TaskError `SettingsUnreadable` */
export async function planInstallation(
  client: McpClient,
  folder: string,
  server: ServerCommand,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Installation> {
  const file = client.file(folder, env);
  if (client.inFolder) await requirePlain(file, folder);
  const entry = client.entry(server);
  const before = await readFile(file).catch(absent);
  if (before !== undefined && before.length > MAX_BYTES) {
    throw new TaskError('SettingsUnreadable', `${file} is larger than ${MAX_BYTES / 1_000_000} MB.`);
  }
  return { file, entry, text: addServer(client, before?.toString('utf8'), entry) };
}

/** Replaces the file at once, so that no reader finds half of it. */
export async function writeInstallation({ file, text }: Installation): Promise<void> {
  if (text === undefined) return;
  await makeFolders(dirname(file));
  // A person may keep the file elsewhere, behind a link in the home folder.
  const target = await realpath(file).catch(() => file);
  const mode = (await lstat(target).catch(absent))?.mode;
  const temporary = `${target}.${newPartId('tmp')}`;
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: mode === undefined ? 0o644 : mode & 0o777 });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A link in the folder may lead to a file that is not a part of it. */
async function requirePlain(file: string, folder: string): Promise<void> {
  for (let path = file; path !== folder && path !== dirname(path); path = dirname(path)) {
    if ((await lstat(path).catch(absent))?.isSymbolicLink() !== true) continue;
    throw new TaskError('SettingsUnreadable', `${relative(folder, path)} is a link. Nothing was changed.`, {
      next: [textStep('Replace the link with a file or folder, or add the server yourself.')],
    });
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
