import { randomUUID } from 'node:crypto';
import { TaskError } from '../../../core/errors.ts';
import { textStep } from '../../../core/next-step.ts';
import type { LockOwner, SharedText } from '../../ports.ts';
import { type FileSystem, isMissing } from '../disk/file-system.ts';

/** A file that processes and people change as a whole. */
export class SharedFile implements SharedText {
  readonly name: string;
  private readonly fs: FileSystem;

  constructor(fs: FileSystem, file: string) {
    this.fs = fs;
    this.name = file;
  }

  async read(): Promise<string | undefined> {
    try {
      const found = await this.fs.lstat(this.name);
      if (!found.isFile()) throw unusable(this.name, 'it is a link or not a regular file');
      return await this.fs.readFile(this.name, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async replace(before: string | undefined, text: string): Promise<boolean> {
    const { fs, name } = this;
    const staged = `${name}.${process.pid}.${randomUUID()}`;
    const mode = await fs.lstat(name).then(
      (found) => found.mode & 0o777,
      () => 0o644,
    );
    try {
      const handle = await fs.open(staged, 'wx', mode);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if ((await this.read()) !== before) return false;
      await fs.rename(staged, name);
      return true;
    } finally {
      await fs.rm(staged, { force: true });
    }
  }

  async exclusively<T>(owner: LockOwner, action: () => Promise<T>): Promise<T> {
    const { withFileLock } = await import('./file-lock.ts');
    return withFileLock(this.name, owner, action);
  }
}

function unusable(file: string, why: string): TaskError {
  return new TaskError('SettingsUnreadable', `${file} cannot be used: ${why}.`, {
    next: [textStep('Fix the file first. Nothing in it was changed.')],
  });
}
