import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Disposable } from '../../../core/disposable.ts';
import { type Environment, machineFolder } from '../../machine-folder.ts';
import type { Coordination, SharedEntry, SharedKind, SharedText, WorkerLog } from '../../ports.ts';
import { type FileSystem, makeFolder, nodeFileSystem } from '../disk/file-system.ts';
import { type Layout, layoutOf } from '../disk/layout.ts';
import { Provenance, withoutSignature } from '../disk/provenance.ts';
import { FolderWatcher } from '../disk/watcher.ts';
import { namesIn } from '../logs/layout.ts';
import { SharedFile } from './shared-file.ts';
import { FileWorkerLog } from './worker-log.ts';

const KEY = /^[A-Za-z0-9_-]{1,100}$/;
/** Messages between the processes of a folder are small; a larger file is not theirs. */
const MAX_BYTES = 10_000;
/** Ends the names of files that are being written. */
const STAGED = '.new';

/** Small files in `.systemprompt/state`, and the person's own folder of settings. */
export class FileCoordination implements Coordination {
  readonly folder: string;
  readonly isShared = false;
  readonly place: string;
  readonly confirmations: SharedText;
  readonly settings: SharedText;
  readonly workerLog: WorkerLog;
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly provenance: Provenance;

  /** @param folder absolute */
  constructor(
    folder: string,
    env: Environment = process.env,
    fs: FileSystem = nodeFileSystem,
    provenance?: Provenance,
  ) {
    this.folder = folder;
    this.place = `the files of ${join(folder, '.systemprompt')}`;
    this.fs = fs;
    this.layout = layoutOf(folder);
    this.provenance = provenance ?? new Provenance(fs, this.layout);
    this.confirmations = new SharedFile(fs, join(machineFolder(env), 'confirmed-agents.json'));
    this.settings = new SharedFile(fs, join(this.layout.root, 'config.json'));
    this.workerLog = new FileWorkerLog(folder, this.layout);
  }

  async exists(): Promise<boolean> {
    return this.fs.lookSync(this.layout.state) !== undefined;
  }

  async read(kind: SharedKind, key: string): Promise<string | undefined> {
    try {
      const read = this.fs.readRegularSync(this.fileOf(kind, key), MAX_BYTES);
      if (read.kind !== 'text') return undefined;
      if (kind !== 'queue') return read.text;
      await this.provenance.loadKey();
      // A foreign queue file must not start the tasks of this store.
      return this.provenance.vouchesFor(read.text.trimEnd()) ? read.text : undefined;
    } catch {
      // An unreadable file counts as absent: every caller has a safe default.
      return undefined;
    }
  }

  async write(kind: SharedKind, key: string, text: string): Promise<void> {
    if (kind !== 'queue') return this.replace(kind, key, text);
    await this.signing();
    await this.replace(kind, key, `${this.provenance.signed(text.trimEnd())}\n`);
  }

  /** A folder without a store gets its key here, because its queue must be trusted once the store is created. */
  private async signing(): Promise<void> {
    const { fs, layout, provenance } = this;
    await provenance.loadKey();
    if (provenance.origin === 'signed' || fs.lookSync(layout.journal) !== undefined) return;
    await makeFolder(fs, this.folder, layout.state);
    // Without a key the queue is not signed, and neither is the store.
    await provenance.begin().catch(() => {});
  }

  /** Signs the state of the queue, also a foreign one. */
  async vouch(): Promise<void> {
    for (const key of await this.keys('queue')) {
      if (key !== 'queue') continue;
      const text = await this.read('queue', key);
      if (text !== undefined) await this.write('queue', key, withoutSignature(text));
    }
  }

  private async replace(kind: SharedKind, key: string, text: string): Promise<void> {
    const { fs } = this;
    const file = this.fileOf(kind, key);
    await makeFolder(fs, this.folder, dirname(file));
    const staged = `${file}.${randomUUID().slice(0, 8)}${STAGED}`;
    try {
      const handle = await fs.open(staged, 'wx');
      try {
        await handle.writeFile(text);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      // By a rename: a reader of half a presence would take the worker for dead and remove the file.
      await fs.rename(staged, file);
    } finally {
      await fs.rm(staged, { force: true });
    }
  }

  async remove(kind: SharedKind, keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.fs.rm(this.fileOf(kind, key), { force: true });
  }

  async entries(kind: SharedKind): Promise<SharedEntry[]> {
    const entries: SharedEntry[] = [];
    for (const key of await this.keys(kind)) {
      const found = this.fs.lookSync(this.fileOf(kind, key));
      const age = Math.max(0, Date.now() - Number(found?.mtimeMs ?? 0n));
      if (found !== undefined) entries.push({ key, text: await this.read(kind, key), age });
    }
    return entries;
  }

  watch(kind: SharedKind, changed: () => void): Disposable {
    const ending = endingOf(kind);
    return new FolderWatcher(this.folderOf(kind), (name) => {
      if (name === undefined || (kind === 'queue' ? name === `queue${ending}` : name.endsWith(ending))) changed();
    });
  }

  private async keys(kind: SharedKind): Promise<string[]> {
    const ending = endingOf(kind);
    return (await namesIn(this.fs, this.folderOf(kind)))
      .filter((name) => name.endsWith(ending) && !name.endsWith(STAGED))
      .map((name) => name.slice(0, name.length - ending.length))
      .filter((key) => KEY.test(key));
  }

  private folderOf(kind: SharedKind): string {
    return kind === 'queue' ? this.layout.state : join(this.layout.state, kind);
  }

  private fileOf(kind: SharedKind, key: string): string {
    if (!KEY.test(key)) throw new Error(`${key} is not a key.`);
    return join(this.folderOf(kind), `${key}${endingOf(kind)}`);
  }
}

function endingOf(kind: SharedKind): string {
  return kind === 'homes' ? '' : '.json';
}
