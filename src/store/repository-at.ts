import type { Logger } from '../core/logger.ts';
import type { JournaledRepository } from './engine/journaled-repository.ts';
import { FileRepository } from './file/file-repository.ts';

/** The options of a repository that is opened by its address. */
export interface RepositoryPlace {
  /** The workspace folder, absolute. */
  readonly folder: string;
  readonly logger: Logger;
  readonly watch: boolean;
  /** The password for a database whose address has none. Default: that of PGPASSWORD or ~/.pgpass. */
  readonly password?: string | undefined;
  /** True if the store is read-only. */
  readonly restricted?: boolean;
}

/** The repository of a database. The driver is loaded on use. @throws TaskError `InvalidInput` for a wrong address */
export async function databaseAt(url: string, place: RepositoryPlace): Promise<JournaledRepository> {
  const { PostgresRepository } = await import('./postgres/postgres-repository.ts');
  return new PostgresRepository({ url, ...place });
}

/** The repository of an address, or of the files of the folder without one. */
export async function repositoryAt(url: string | undefined, place: RepositoryPlace): Promise<JournaledRepository> {
  return url === undefined ? new FileRepository(place) : databaseAt(url, place);
}
