import type { StoreView } from '../../journal/view.ts';
import type { Finding, Garbage, Maintenance, StoreSizes } from '../../maintenance.ts';
import type { ArchiveFiles } from '../archive/archive-files.ts';
import type { RestoreContext } from '../copy/restore-copy.ts';
import type { Disk } from '../disk/disk.ts';
import { taskFile } from '../disk/layout.ts';
import { unusableFolder } from '../disk/safe-folders.ts';
import type { FileLogs } from '../logs/file-logs.ts';
import { namesIn } from '../logs/layout.ts';
import type { MaintenanceContext } from './maintenance-context.ts';

/** Looks after a store that is kept in files. Each part loads on first use, because few processes need one. */
export class FileMaintenance implements Maintenance {
  private readonly context: MaintenanceContext;
  private readonly restore: RestoreContext;

  constructor(
    { fs, layout, provenance }: Pick<Disk, 'fs' | 'layout' | 'provenance'>,
    view: StoreView,
    logs: FileLogs,
    files: () => Promise<ArchiveFiles>,
    rewrite: (ids: readonly string[]) => Promise<void>,
    restore: Omit<RestoreContext, 'archivedIds'>,
  ) {
    this.context = {
      fs,
      layout,
      provenance,
      view,
      logs,
      rewrite,
      archive: {
        names: async () => (await (await files()).names()).filter(({ id }) => view.byId(id) === undefined),
        staged: async () => {
          const archive = await files();
          return (await archive.stagedNames()).map((name) => ({ id: name.id, path: archive.staged(name, name.token) }));
        },
        isReadable: async (name) => (await (await files()).read(name)) !== undefined,
        path: async (name) => (await files()).file(name),
      },
      now: Date.now,
    };
    this.restore = {
      ...restore,
      archivedIds: async () => new Set((await (await files()).names()).map(({ id }) => id)),
    };
  }

  async sizes(): Promise<StoreSizes> {
    const { storeSizes } = await import('./store-sizes.ts');
    return storeSizes(this.context.fs, this.context.layout);
  }

  async garbage(olderThanDays: number): Promise<Garbage[]> {
    // Files in the target of a link are not those of the store.
    if ((await this.unusable()) !== undefined) return [];
    const { findGarbage } = await import('./garbage.ts');
    return findGarbage(this.context, olderThanDays);
  }

  quarantined(): Promise<string[]> {
    return namesIn(this.context.fs, this.context.layout.quarantine);
  }

  taskFile(id: string): string {
    return taskFile(this.context.layout, id);
  }

  async restoreCopy(): Promise<number[]> {
    const { restoreTasks } = await import('../copy/restore-copy.ts');
    const tasks = await restoreTasks(this.restore);
    await this.context.rewrite(tasks.map(({ id }) => id));
    return tasks.map(({ number }) => number);
  }

  async check(): Promise<Finding[]> {
    const { checkFiles } = await import('./check-files.ts');
    const { checkLogs } = await import('./check-logs.ts');
    const { checkLeftovers } = await import('./check-leftovers.ts');
    const { checkCopy } = await import('../copy/check-copy.ts');
    const { context, restore } = this;
    const unusable = await this.unusable();
    if (unusable !== undefined) {
      return [{ code: 'folder-unusable', what: unusable, advice: 'The tasks are read again when it is a folder.' }];
    }
    const found = [await checkCopy(restore), await checkFiles(context), await checkLogs(context)];
    return [...found.flat(), ...(await checkLeftovers(context))];
  }

  private unusable(): Promise<string | undefined> {
    return unusableFolder(this.context.fs, this.context.layout);
  }
}
