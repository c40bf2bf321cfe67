import { join } from 'node:path';
import { newPartId } from '../../../core/task/id.ts';
import { isTaskRecord } from '../../../core/task/record-check.ts';
import type { TaskRecord } from '../../../core/task/schema.ts';
import { isTooDeep } from '../../journal/depth.ts';
import type { Archive, ArchivedName, ArchivedRecord, StagedName } from '../../ports.ts';
import { type FileSystem, isMissing, syncFolder } from '../disk/file-system.ts';
import type { Layout } from '../disk/layout.ts';
import type { Provenance } from '../disk/provenance.ts';
import { namesIn } from '../logs/layout.ts';
import { parseTaskText, taskText } from '../snapshots/task-text.ts';

/**
 * A larger file is not a task: twice the limit of a task file in memory, because an archived file is always indented.
 */
const MAX_FILE = 64 * 1024 * 1024;
/** Start of the token of a record that is being removed. */
const REMOVED = 'removed';

/**
 * The files of archived tasks, `<number>-<id>.json`, so that a number or an id is found without reading any file. A
 * file is staged durably first, and renamed after the journal records the archiving.
 */
export class ArchiveFiles implements Archive {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly provenance: Provenance;

  constructor(fs: FileSystem, layout: Layout, provenance: Provenance) {
    this.fs = fs;
    this.layout = layout;
    this.provenance = provenance;
  }

  async stage(task: TaskRecord, token: string): Promise<void> {
    await this.fs.mkdir(this.layout.archivedLogs, { recursive: true });
    const handle = await this.fs.open(this.staged(task, token), 'w');
    try {
      await handle.writeFile(taskText(task, MAX_FILE, this.provenance));
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  /** Makes names of staged files durable. */
  async sync(): Promise<void> {
    await syncFolder(this.fs, this.layout.archive);
  }

  async discard(task: ArchivedName, token: string): Promise<void> {
    await this.fs.rm(this.staged(task, token), { force: true });
  }

  /** Gives a staged file its name. Can be done twice, and by several processes. */
  async publish(task: ArchivedName, token: string): Promise<void> {
    if (await this.move(this.staged(task, token), this.file(task))) await this.sync();
    else if (this.fs.lookSync(this.file(task)) === undefined) await this.putBack(task);
  }

  /** Writes all records again, so that each is signed. */
  async rewriteAll(): Promise<void> {
    for (const name of await this.names()) {
      const token = newPartId('signed');
      const record = await this.read(name);
      if (record === undefined) continue;
      await this.stage(record.task, token);
      await this.publish(name, token);
    }
  }

  async remove(task: ArchivedName, before?: number): Promise<void> {
    const file = this.file(task);
    if (before === undefined) {
      await this.fs.rm(file, { force: true });
      return;
    }
    if (!(await this.isBefore(file, task, before))) return;
    // Another process may archive the task again between the check and the removal: the moved file is checked again.
    const aside = this.staged(task, newPartId(REMOVED));
    if (!(await this.move(file, aside))) return;
    if (await this.isBefore(aside, task, before)) await this.fs.rm(aside, { force: true });
    else await this.move(aside, file);
  }

  /** By number. */
  async names(ids?: readonly string[]): Promise<ArchivedName[]> {
    const wanted = ids === undefined ? undefined : new Set(ids);
    const names = (await namesIn(this.fs, this.layout.archive)).flatMap((name) => parse(name) ?? []);
    return names
      .filter(({ id, token }) => token === undefined && wanted?.has(id) !== false)
      .sort((a, b) => a.number - b.number);
  }

  async stagedNames(): Promise<StagedName[]> {
    const names = (await namesIn(this.fs, this.layout.archive)).flatMap((name) => parse(name) ?? []);
    return names.filter((name): name is StagedName => name.token !== undefined);
  }

  /** @returns undefined if it is missing or not a task */
  async read(name: ArchivedName): Promise<ArchivedRecord | undefined> {
    return this.recordIn(this.file(name), name);
  }

  private async recordIn(file: string, name: ArchivedName): Promise<ArchivedRecord | undefined> {
    try {
      const stat = await this.fs.lstat(file);
      if (!stat.isFile() || stat.size > MAX_FILE) return undefined;
      const { record, byHand } = parseTaskText(await this.fs.readFile(file, 'utf8'), this.provenance);
      if (!isTaskRecord(record) || isTooDeep(record) || record.id !== name.id) return undefined;
      // A store without a key doubts nothing, also what earlier versions wrote without a checksum.
      return { task: record, foreign: byHand && this.provenance.origin === 'signed' };
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  private async isBefore(file: string, name: ArchivedName, revision: number): Promise<boolean> {
    const record = await this.recordIn(file, name);
    return record !== undefined && record.task.revision < revision;
  }

  /** Publishes the latest record that a killed process had moved aside. */
  private async putBack(task: ArchivedName): Promise<void> {
    const asides = (await this.stagedNames()).filter(({ id, token }) => id === task.id && token.startsWith(REMOVED));
    const records = await Promise.all(
      asides.map(async ({ token }) => ({ token, record: await this.recordIn(this.staged(task, token), task) })),
    );
    const [latest] = records.sort((a, b) => (b.record?.task.revision ?? 0) - (a.record?.task.revision ?? 0));
    if (latest?.record !== undefined) await this.move(this.staged(task, latest.token), this.file(task));
  }

  /** @returns false if the file is missing: another process has moved it */
  private async move(from: string, to: string): Promise<boolean> {
    try {
      await this.fs.rename(from, to);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  file({ number, id }: ArchivedName): string {
    return join(this.layout.archive, `${number}-${id}.json`);
  }

  staged(task: ArchivedName, token: string): string {
    return `${this.file(task)}.${token}`;
  }
}

function parse(name: string): (ArchivedName & { token?: string }) | undefined {
  const [, number, id, token] =
    /^(\d{1,12})-([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.json(?:\.([A-Za-z0-9_-]+))?$/.exec(name) ?? [];
  if (number === undefined || id === undefined) return undefined;
  return { number: Number(number), id, ...(token === undefined ? {} : { token }) };
}
