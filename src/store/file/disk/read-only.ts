import { constants } from 'node:fs';
import type { FileSystem } from './file-system.ts';

const WRITES = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

/** The same files, where every attempt to write fails as on a disk that was mounted read-only. */
export function readOnlyFileSystem(fs: FileSystem): FileSystem {
  const refuseSync = (): never => {
    throw Object.assign(new Error('EROFS: nothing is written in a restricted folder'), { code: 'EROFS' });
  };
  const refuse = async (): Promise<never> => refuseSync();
  return {
    ...fs,
    open: (file, flags = 'r', mode) => {
      const writes = typeof flags === 'number' ? (flags & WRITES) !== 0 : flags !== 'r';
      return writes ? refuse() : fs.open(file, flags, mode);
    },
    rename: refuse,
    link: refuse,
    unlink: refuse,
    rm: refuse,
    mkdir: refuse as FileSystem['mkdir'],
    writeFile: refuse,
    copyFile: refuse,
    writeNewSync: refuseSync,
    renameSync: refuseSync,
  };
}
