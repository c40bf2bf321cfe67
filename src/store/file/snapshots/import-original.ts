import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fromOriginal } from '../../../core/task/original.ts';
import type { OriginalTask } from '../../../core/task/original-schema.ts';
import type { Mutation } from '../../journal/draft.ts';
import { errorCode, type FileSystem, syncFolder } from '../disk/file-system.ts';
import type { Layout } from '../disk/layout.ts';
import { logFile, namesIn } from '../logs/layout.ts';

/** Tasks per transaction, so that a line of the journal fits into memory. */
const BATCH = 100;

export interface ImportContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly now: () => string;
  readonly mutate: (name: string, mutation: Mutation<void>) => Promise<void>;
}

/**
 * Imports the files of the original systemprompt server: first a backup of its files, then the logs, then the tasks, in
 * the order of their age. After a crash in between, the originals remain and the next opening repeats the import.
 *
 * @returns the folder of the backup
 */
export async function importOriginal(context: ImportContext, tasks: readonly OriginalTask[]): Promise<string> {
  const { fs, layout } = context;
  const backup = join(layout.state, `backup-${context.now().replace(/[:.]/g, '-')}`);
  await backUp(context, backup);
  const ordered = [...tasks].sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
  const converted = ordered.map(fromOriginal);
  for (const folder of [layout.logs, layout.staging]) await fs.mkdir(folder, { recursive: true });
  for (const { record, logs } of converted) {
    const lines = logs.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    // Placed whole: a second try after a crash must not add the lines again.
    await placeLog(context, logFile(layout.logs, record.id), lines);
  }
  await syncFolder(fs, layout.logs);
  for (let at = 0; at < converted.length; at += BATCH) {
    const batch = converted.slice(at, at + BATCH);
    await context.mutate('store.import', (draft) => {
      for (const { record } of batch) if (draft.byId(record.id) === undefined) draft.create(record);
    });
  }
  return backup;
}

async function backUp({ fs, layout }: ImportContext, backup: string): Promise<void> {
  await fs.mkdir(join(backup, 'tasks'), { recursive: true });
  const states = (await fs.readdir(layout.state)).filter((name) => /^state.*\.json$/.test(name));
  for (const name of states) await copyRegular(fs, join(layout.state, name), join(backup, name));
  for (const name of await namesIn(fs, layout.tasks)) {
    await copyRegular(fs, join(layout.tasks, name), join(backup, 'tasks', name));
  }
  await syncFolder(fs, join(backup, 'tasks'));
  await syncFolder(fs, backup);
  await syncFolder(fs, layout.state);
}

/** Files only: a link leads elsewhere, and a pipe has no end. */
async function copyRegular(fs: FileSystem, from: string, to: string): Promise<void> {
  if (!(await fs.lstat(from)).isFile()) return;
  await fs.copyFile(from, to);
  const handle = await fs.open(to, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Atomically and exclusively: another process may have extended an existing one by now. */
async function placeLog(context: ImportContext, file: string, text: string): Promise<void> {
  const { fs, layout } = context;
  const staged = join(layout.staging, `import.${process.pid}.${randomUUID()}`);
  const handle = await fs.open(staged, 'wx');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  try {
    await fs.link(staged, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      // Not every disk has links of this kind.
      await fs.rename(staged, file);
      return;
    }
  }
  await fs.unlink(staged);
}
