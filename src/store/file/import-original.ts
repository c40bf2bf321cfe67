import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromOriginal, type OriginalTask, originalTaskSchema } from '../../core/task/original.ts';
import type { Mutation } from '../draft.ts';
import { type FileSystem, isMissing, syncFolder } from './file-system.ts';
import type { Layout } from './layout.ts';
import { logFile } from './log-layout.ts';

export interface ImportContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly now: () => string;
  readonly mutate: (name: string, mutation: Mutation<void>) => Promise<void>;
}

/**
 * Takes over what the original systemprompt server wrote: a backup of its files first, then the logs, then all tasks in
 * one transaction. A crash in between leaves the originals where they are, and the next opening does it again.
 *
 * @returns the folder of the backup
 */
export async function importOriginal(context: ImportContext, tasks: readonly OriginalTask[]): Promise<string> {
  const { layout } = context;
  const backup = join(layout.state, `backup-${context.now().replace(/[:.]/g, '-')}`);
  await backUp(context, backup);
  const ordered = [...tasks].sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
  const converted = ordered.map(fromOriginal);
  await context.fs.mkdir(layout.logs, { recursive: true });
  for (const { record, logs } of converted) {
    const lines = logs.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    // Written whole: a second try after a crash must not add the lines again.
    await writeDurably(context.fs, logFile(layout.logs, record.id), lines);
  }
  await syncFolder(context.fs, layout.logs);
  await context.mutate('store.import', (draft) => {
    for (const { record } of converted) if (draft.byId(record.id) === undefined) draft.create(record);
  });
  return backup;
}

/** Tasks that the server's `state.json` has; those of task files are newer, it lags behind them. */
export function tasksOfOriginalState(value: unknown): OriginalTask[] {
  const tasks: unknown = (value as { tasks?: unknown } | null)?.tasks;
  if (!Array.isArray(tasks)) return [];
  return tasks.flatMap((task) => {
    const parsed = originalTaskSchema.safeParse(task);
    return parsed.success ? [parsed.data] : [];
  });
}

async function backUp({ fs, layout }: ImportContext, backup: string): Promise<void> {
  await mkdir(join(backup, 'tasks'), { recursive: true });
  for (const name of await readdir(layout.state)) {
    const file = join(layout.state, name);
    if (/^state.*\.json$/.test(name) && (await stat(file)).isFile()) await copyFile(file, join(backup, name));
  }
  try {
    for (const name of await readdir(layout.tasks))
      await copyFile(join(layout.tasks, name), join(backup, 'tasks', name));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await syncFolder(fs, join(backup, 'tasks'));
  await syncFolder(fs, backup);
}

async function writeDurably(fs: FileSystem, file: string, text: string): Promise<void> {
  const handle = await fs.open(file, 'w');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
