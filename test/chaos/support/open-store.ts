import { tmpdir } from 'node:os';
import { silentLogger } from '../../../src/core/logger.ts';
import { FileRepository } from '../../../src/store/file/file-repository.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';

/** @param compactAt bytes of the journal in files; a database compacts after a hundredth of it in lines */
export interface OpenOptions {
  readonly compactAt: number;
  readonly watch: boolean;
}

/** Opens the store of a folder, or of a database if the place is an address. */
export function openStore(place: string, { compactAt, watch }: OpenOptions): Promise<TaskStore> {
  if (!place.startsWith('postgres:')) {
    const repository = new FileRepository({ folder: place, logger: silentLogger, watch, compactAt });
    return TaskStore.open({ folder: place, repository });
  }
  const options = { url: place, logger: silentLogger, watch, compactAt: Math.ceil(compactAt / 100) };
  return TaskStore.open({ folder: tmpdir(), repository: new PostgresRepository(options) });
}
