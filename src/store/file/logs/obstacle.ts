import type { TaskLogEntry } from '../../../core/task/log-entry.ts';
import type { FileSystem } from '../disk/file-system.ts';
import { logFile, logFolder } from './layout.ts';

/** Error codes of open(2) for a link, a folder and a pipe. */
const CODES: ReadonlySet<string | undefined> = new Set(['ELOOP', 'EMLINK', 'EISDIR', 'ENXIO']);

export function isObstacle(code: string | undefined): boolean {
  return CODES.has(code);
}

/**
 * The path in place of a log that is no file or folder of a log: a link, which could lead to any file of the person, or
 * a file of another kind. Undefined for a usable log.
 */
export function obstacleOf(fs: FileSystem, root: string, id: string): string | undefined {
  const [file, folder] = [logFile(root, id), logFolder(root, id)];
  if (fs.lookSync(file)?.isFile() === false) return file;
  return fs.lookSync(folder)?.isDirectory() === false ? folder : undefined;
}

export function obstacleReason(file: string): string {
  return `${file} is a link or not a regular file. Links below .systemprompt are not followed.`;
}

/** A line in place of a log that is not read. */
export function obstacleEntry(file: string): TaskLogEntry {
  return {
    timestamp: new Date().toISOString(),
    level: 'warn',
    type: 'system',
    message: `This log is not read: ${obstacleReason(file)}`,
    metadata: { source: 'store' },
  };
}
