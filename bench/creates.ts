import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../src/core/logger.ts';
import { type FileSystem, nodeFileSystem } from '../src/store/file/disk/file-system.ts';
import { layoutOf } from '../src/store/file/disk/layout.ts';
import { FileRepository } from '../src/store/file/file-repository.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { alternate, type Benchmark, diskSync, median, ratioAtMost, timed, withFolder } from './kit.ts';
import { sampleParams } from './samples.ts';

const COUNT = 10_000;
const AT_ONCE = 64;
const ROUNDS = 3;

/** The bytes of one round of ours: the limit writes the same again. */
interface Written {
  journalBytes: number;
  syncs: number;
  files: Map<string, string>;
  logs: Map<string, string>;
}

/** 10,000 durable creations beside writing the same journal with as many syncs and the same task files. */
export const creates: Benchmark = {
  name: 'creates',
  measures: `${COUNT} creations, ${AT_ONCE} at a time, all durable, until the store is closed`,
  async run(print) {
    let written = (await ours()).written;
    const withLogs: number[] = [];
    const syncs: number[] = [];
    const pair = await alternate(
      ROUNDS,
      async () => {
        const round = await ours();
        written = round.written;
        syncs.push(written.syncs);
        return round.ms;
      },
      async () => {
        const bare = await raw(written, false);
        withLogs.push((await raw(written, true)) / bare);
        return bare;
      },
    );
    const note = `${median(syncs)} syncs; every task also has a log file, with those the limit is ${median(withLogs).toFixed(2)} × of itself`;
    const limit = { what: 'same journal, syncs and files', value: pair.limit };
    print({
      name: `create ${COUNT}`,
      value: pair.ours,
      unit: 'ms',
      limit,
      ratio: pair.ratio,
      target: ratioAtMost(3, pair.ratio),
      note,
      syncMs: await diskSync(),
    });
  },
};

async function ours(): Promise<{ ms: number; written: Written }> {
  return withFolder(async (folder) => {
    const written: Written = { journalBytes: 0, syncs: 0, files: new Map(), logs: new Map() };
    const repository = new FileRepository({
      folder,
      logger: silentLogger,
      watch: false,
      fs: counting(folder, written),
    });
    const ms = await timed(async () => {
      const store = await TaskStore.open({ folder, watch: false, repository });
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < COUNT) {
          next += 1;
          await store.createTask(sampleParams(next));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await store.close();
    });
    const layout = layoutOf(folder);
    await collect(layout.tasks, written.files);
    await collect(layout.logs, written.logs);
    if (written.files.size !== COUNT) throw new Error(`Only ${written.files.size} of ${COUNT} tasks have a file.`);
    return { ms, written };
  });
}

async function raw(written: Written, withLogs: boolean): Promise<number> {
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
      await writeAll(join(folder, 'tasks'), written.files);
      if (withLogs) await writeAll(join(folder, 'logs'), written.logs);
    });
  });
}

async function writeAll(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const queue = files.entries();
  const work = async (): Promise<void> => {
    for (const [name, text] of queue) await writeFile(join(folder, name), text);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

async function collect(folder: string, into: Map<string, string>): Promise<void> {
  for (const name of await readdir(folder)) into.set(name, await readFile(join(folder, name), 'utf8').catch(() => ''));
}

/** Counts bytes and syncs of the journal at its handle; nothing else is touched. */
function counting(folder: string, written: Written): FileSystem {
  const prefix = join(layoutOf(folder).journal, '0');
  return {
    ...nodeFileSystem,
    open: async (...args: Parameters<FileSystem['open']>) => {
      const handle = await nodeFileSystem.open(...args);
      if (!String(args[0]).startsWith(prefix)) return handle;
      const { write, datasync } = handle;
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
