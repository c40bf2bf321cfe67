import { silentLogger } from '../../core/logger.ts';
import { JournaledRepository } from '../engine/journaled-repository.ts';
import { MemoryArchive } from './memory-archive.ts';
import { MemoryChangeLog } from './memory-change-log.ts';
import { MemoryCoordination } from './memory-coordination.ts';
import { MemoryLogs } from './memory-logs.ts';
import { MemorySnapshots } from './memory-snapshots.ts';

/**
 * Keeps tasks in the memory of one process: for tests, and for programs without a store on disk.
 *
 * @example
 *
 * const store = await TaskStore.open({ folder: '/home/ada/shop', repository: new MemoryRepository() });
 */
export class MemoryRepository extends JournaledRepository {
  /** @param folder where the tasks of this repository work, absolute */
  constructor(folder: string = process.cwd()) {
    const archive = new MemoryArchive();
    const now = (): string => new Date().toISOString();
    super({ logger: silentLogger, now, watch: false, by: `memory:${process.pid}` }, (core) => ({
      log: new MemoryChangeLog(core),
      snapshots: new MemorySnapshots(),
      logs: new MemoryLogs((id, entries) => core.logged(id, entries)),
      archive: async () => archive,
      coordination: new MemoryCoordination(folder),
    }));
  }
}
