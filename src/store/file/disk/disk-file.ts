import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  fsync,
  open,
  openSync,
  read,
  readSync,
  type Stats,
  write,
} from 'node:fs';

/** A read of so few bytes is most likely one of the page cache, which costs less than another thread. */
const SHORT_READ = 64 * 1024;

type Done<T> = (error: Error | null, result: T) => void;

/**
 * An open file. Looks and short reads are done at once, and everything that waits for the disk in another thread. So a
 * process that only looks at a store needs no threads and no `node:fs/promises`, which cost a fifth of the time in which
 * Node starts.
 */
export class DiskFile {
  private readonly descriptor: number;
  private running = 0;
  private closing: PromiseWithResolvers<void> | undefined;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** @throws the error of the system */
  static async open(file: string, flags: string | number, mode: number): Promise<DiskFile> {
    const creates = typeof flags === 'number' ? (flags & constants.O_CREAT) !== 0 : !flags.startsWith('r');
    if (!creates) return new DiskFile(openSync(file, flags, mode));
    return new DiskFile(
      await new Promise((resolve, reject) => {
        open(file, flags, mode, (error, descriptor) => (error === null ? resolve(descriptor) : reject(error)));
      }),
    );
  }

  async stat(): Promise<Stats> {
    return fstatSync(this.opened());
  }

  async read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> {
    if (length <= SHORT_READ) return { bytesRead: readSync(this.opened(), buffer, offset, length, position) };
    return { bytesRead: await this.run<number>((file, done) => read(file, buffer, offset, length, position, done)) };
  }

  /** The bytes of the whole file. */
  async readFile(): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe((await this.stat()).size);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await this.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  }

  /** Writes bytes after those of the last write, or at the end of a file that is open for appending. */
  async write(buffer: Buffer, offset = 0, length = buffer.length - offset): Promise<{ bytesWritten: number }> {
    return {
      bytesWritten: await this.run<number>((file, done) => write(file, buffer, offset, length, null, done)),
    };
  }

  /** Writes all of it, like `write`. */
  async writeFile(content: string | Buffer): Promise<void> {
    const buffer = typeof content === 'string' ? Buffer.from(content) : content;
    for (let done = 0; done < buffer.length; ) done += (await this.write(buffer, done)).bytesWritten;
  }

  datasync(): Promise<void> {
    return this.run((file, done) => fdatasync(file, (error) => done(error, undefined)));
  }

  sync(): Promise<void> {
    return this.run((file, done) => fsync(file, (error) => done(error, undefined)));
  }

  /** Closes the file once the running calls have ended: the system reuses its number for the next file. */
  async close(): Promise<void> {
    if (this.closing === undefined) {
      this.closing = Promise.withResolvers();
      this.closeIfIdle();
    }
    return this.closing.promise;
  }

  private async run<T>(call: (descriptor: number, done: Done<T>) => void): Promise<T> {
    const descriptor = this.opened();
    this.running += 1;
    try {
      return await new Promise<T>((resolve, reject) => {
        call(descriptor, (error, result) => (error === null ? resolve(result) : reject(error)));
      });
    } finally {
      this.running -= 1;
      this.closeIfIdle();
    }
  }

  private closeIfIdle(): void {
    if (this.closing === undefined || this.running > 0) return;
    try {
      closeSync(this.descriptor);
      this.closing.resolve();
    } catch (error) {
      this.closing.reject(error);
    }
  }

  /** @throws `EBADF` for a closed file, whose number another file may have by now */
  private opened(): number {
    if (this.closing === undefined) return this.descriptor;
    throw Object.assign(new Error('EBADF: the file is closed'), { code: 'EBADF' });
  }
}
