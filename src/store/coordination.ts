import { FileCoordination } from './file/coordination/file-coordination.ts';
import type { Environment } from './machine-folder.ts';
import type { Coordination } from './ports.ts';

/**
 * Coordination by files, where the store of a folder is kept in files or is not open yet. An open store has its own.
 *
 * @param folder absolute
 */
export function coordinationOf(folder: string, env: Environment = process.env): Coordination {
  return new FileCoordination(folder, env);
}
