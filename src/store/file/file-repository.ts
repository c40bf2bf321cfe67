import { hostname } from 'node:os';
import { onFirstUse } from '../../core/on-first-use.ts';
import { JournaledRepository } from '../engine/journaled-repository.ts';
import type { StoreCore, StoreParts } from '../engine/store-core.ts';
import { gone } from '../storage-errors.ts';
import { FileCoordination } from './coordination/file-coordination.ts';
import { StoreCopy } from './copy/store-copy.ts';
import type { Disk } from './disk/disk.ts';
import { nodeFileSystem } from './disk/file-system.ts';
import { layoutOf } from './disk/layout.ts';
import { Provenance } from './disk/provenance.ts';
import { readOnlyFileSystem } from './disk/read-only.ts';
import { FileChangeLog } from './journal/file-change-log.ts';
import { FileLogs } from './logs/file-logs.ts';
import type { FileRepositoryOptions } from './repository-options.ts';
import { FileSnapshots } from './snapshots/file-snapshots.ts';
import { FileMaintenance } from './upkeep/file-maintenance.ts';

/** The embedded store: journal, task files and log files in `.systemprompt/state`. */
export class FileRepository extends JournaledRepository {
  constructor(options: FileRepositoryOptions) {
    const { restricted = false } = options;
    const [plain, layout] = [options.fs ?? nodeFileSystem, layoutOf(options.folder)];
    const fs = restricted ? readOnlyFileSystem(plain) : plain;
    const disk: Disk = {
      fs,
      layout,
      provenance: new Provenance(fs, layout),
      logger: options.logger,
      now: options.now ?? (() => new Date().toISOString()),
    };
    const { logger, now } = disk;
    super({ logger, now, restricted, watch: options.watch, by: `${hostname()}:${process.pid}` }, (core) =>
      fileParts(options, disk, core),
    );
  }
}

function fileParts(options: FileRepositoryOptions, disk: Disk, core: StoreCore): StoreParts {
  const { fs, layout, provenance, logger } = disk;
  const { state } = core.memory;
  const logs = new FileLogs({
    fs,
    layout,
    logger,
    limits: options.logLimits,
    isThere: (id) => state.byId(id) !== undefined,
    added: (id, entries) => core.logged(id, entries),
  });
  const copy = new StoreCopy(disk, state, options.copies);
  const snapshots: FileSnapshots = new FileSnapshots(disk, core, () => log, copy);
  const settleFiles = async (ids: readonly string[]): Promise<void> => {
    // While task files are synced, each new log would wait for the disk.
    await logs.settled();
    await snapshots.settle(ids);
  };
  const log = new FileChangeLog(disk, core, { ...options, settleFiles });
  const archive = onFirstUse(async () => {
    const { ArchiveFiles } = await import('./archive/archive-files.ts');
    return new ArchiveFiles(fs, layout, provenance);
  });
  const coordination = new FileCoordination(options.folder, process.env, fs, provenance);
  return {
    log,
    snapshots,
    logs,
    archive,
    coordination,
    origin: () => provenance.origin,
    async vouch() {
      await provenance.prepare();
      await coordination.vouch();
      await snapshots.rewriteAll();
      await (await archive()).rewriteAll();
      await log.compactor.run(-1);
      await provenance.enforce();
    },
    maintenance: new FileMaintenance(disk, state, logs, archive, (ids) => snapshots.settle(ids), {
      copy: copy.file,
      byId: (id) => state.byId(id),
      isRemoved: (id) => state.isRemoved(id),
      refresh: core.refresh,
      mutate: core.mutate,
    }),
    prepare: async () => {
      await fs.stat(options.folder).catch(() => Promise.reject(gone(options.folder)));
    },
  };
}
