import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../src/core/logger.ts';
import { type FileSystem, nodeFileSystem } from '../src/store/file/disk/file-system.ts';
import { layoutOf } from '../src/store/file/disk/layout.ts';
import { FileRepository } from '../src/store/file/file-repository.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { timed, withFolder } from './kit.ts';

/** The bytes that a store wrote: the limit writes the same again. */
export interface Written {
  journalBytes: number;
  syncs: number;
  /** Task files that were synced, because their part of the journal was removed. */
  fileSyncs: number;
  files: Map<string, string>;
  logs: Map<string, string>;
}

/** Works on a new store until it is closed with all task files written, and reports the bytes. */
export function measuredStore(
  work: (store: TaskStore, folder: string) => Promise<void>,
  prepare: (folder: string) => Promise<void> = async () => {},
): Promise<{ ms: number; written: Written }> {
  return withFolder(async (folder) => {
    const written: Written = { journalBytes: 0, syncs: 0, fileSyncs: 0, files: new Map(), logs: new Map() };
    await prepare(folder);
    const fs = counting(folder, written);
    const repository = new FileRepository({ folder, logger: silentLogger, watch: false, fs });
    const ms = await timed(async () => {
      const store = await TaskStore.open({ folder, watch: false, repository });
      await work(store, folder);
      await store.close();
    });
    const layout = layoutOf(folder);
    await collect(layout.tasks, written.files);
    await collect(layout.logs, written.logs);
    return { ms, written };
  });
}

/** Milliseconds to write the same bytes: one journal and the same files, with as many syncs, and without a rename. */
export async function rawWrite(written: Written, withLogs: boolean): Promise<number> {
  return withFolder(async (folder) => {
    const chunk = Buffer.alloc(Math.ceil(written.journalBytes / written.syncs), 'x');
    const made = [join(folder, 'tasks'), join(folder, 'logs')];
    for (const each of made) await mkdir(each);
    return timed(async () => {
      const journal = await open(join(folder, 'journal'), 'a');
      for (let i = 0; i < written.syncs; i += 1) {
        await journal.write(chunk);
        await journal.datasync();
      }
      await journal.close();
      await writeAll(join(folder, 'tasks'), written.files, written.fileSyncs);
      if (withLogs) await writeAll(join(folder, 'logs'), written.logs, 0);
    });
  });
}

async function writeAll(folder: string, files: ReadonlyMap<string, string>, syncs: number): Promise<void> {
  const queue = files.entries();
  let left = syncs;
  const work = async (): Promise<void> => {
    for (const [name, text] of queue) {
      left -= 1;
      if (left < 0) await writeFile(join(folder, name), text);
      else await writeSynced(join(folder, name), text);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  await handle.writeFile(text);
  await handle.datasync();
  await handle.close();
}

async function collect(folder: string, into: Map<string, string>): Promise<void> {
  for (const name of await readdir(folder)) into.set(name, await readFile(join(folder, name), 'utf8').catch(() => ''));
}

/** Counts bytes and syncs at the handles of the journal and of staged task files; nothing else is touched. */
function counting(folder: string, written: Written): FileSystem {
  const layout = layoutOf(folder);
  const prefix = join(layout.journal, '0');
  return {
    ...nodeFileSystem,
    open: async (...args: Parameters<FileSystem['open']>) => {
      const handle = await nodeFileSystem.open(...args);
      const { write, datasync } = handle;
      if (String(args[0]).startsWith(layout.staging)) {
        handle.datasync = () => {
          written.fileSyncs += 1;
          return Reflect.apply(datasync, handle, []);
        };
      }
      if (!String(args[0]).startsWith(prefix)) return handle;
      handle.write = (async (...part: Parameters<typeof write>) => {
        const done = await Reflect.apply(write, handle, part);
        written.journalBytes += done.bytesWritten;
        return done;
      }) as typeof write;
      handle.datasync = () => {
        written.syncs += 1;
        return Reflect.apply(datasync, handle, []);
      };
      return handle;
    },
  };
}
