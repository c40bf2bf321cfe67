import type { DiskFile } from '../../../src/store/file/disk/disk-file.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';

/** What can go wrong at a step. `crash`: the process is gone, nothing is done from then on. */
export type Fault = 'EIO' | 'ENOSPC' | 'EACCES' | 'short' | 'crash';

const steps = ['mkdir', 'rename', 'link', 'unlink', 'rm', 'rmdir', 'writeFile', 'copyFile'] as const;
const handleSteps = ['write', 'writeFile', 'datasync', 'sync'] as const;

/** A FAKE disk for tests: the real one, of which one step fails, or all from one step on. */
export class FaultyFileSystem {
  /** What was done, by name; only what changes the disk is a step. */
  readonly done: string[] = [];
  readonly fs: FileSystem;
  private readonly at: number;
  private readonly fault: Fault;
  private readonly lasting: boolean;
  private crashed = false;
  private armed = false;

  /** `at`: the step that fails, from 0; `lasting`: all that follow fail as well, until the fault is lifted. */
  constructor(at: number, fault: Fault, lasting = false) {
    this.at = at;
    this.fault = fault;
    this.lasting = lasting;
    const real = nodeFileSystem as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const guarded = Object.fromEntries(
      steps.map((name) => [
        name,
        async (...args: unknown[]) => {
          this.step(name);
          return real[name]?.(...args);
        },
      ]),
    );
    const reading = Object.fromEntries(
      (['readdir', 'readFile', 'stat', 'lstat', 'realpath'] as const).map((name) => [
        name,
        async (...args: unknown[]) => {
          this.alive();
          return real[name]?.(...args);
        },
      ]),
    );
    this.fs = {
      ...nodeFileSystem,
      ...guarded,
      ...reading,
      open: async (...args: Parameters<FileSystem['open']>) => {
        this.step('open');
        return this.guard(await nodeFileSystem.open(...args));
      },
      readRegularSync: (...args: Parameters<FileSystem['readRegularSync']>) => {
        this.alive();
        return nodeFileSystem.readRegularSync(...args);
      },
      writeNewSync: (file, bytes) => {
        this.step('open');
        try {
          this.step('writeFile');
        } catch (error) {
          const part = this.fault === 'short' || this.fault === 'crash' ? bytes.length >> 1 : 0;
          nodeFileSystem.writeNewSync(file, bytes.subarray(0, part));
          throw error;
        }
        return nodeFileSystem.writeNewSync(file, bytes);
      },
      renameSync: (from, to) => {
        this.step('rename');
        nodeFileSystem.renameSync(from, to);
      },
    };
  }

  /** Steps count from now on. */
  arm(): void {
    this.armed = true;
  }

  /** Nothing fails any more. */
  lift(): void {
    this.armed = false;
  }

  get reached(): boolean {
    return this.done.length > this.at;
  }

  private guard(handle: DiskFile): DiskFile {
    return new Proxy(handle, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
        if (key === 'close') return call;
        if (!(handleSteps as readonly PropertyKey[]).includes(key)) {
          return async (...args: unknown[]) => {
            this.alive();
            return call(...args);
          };
        }
        return async (...args: unknown[]) => {
          try {
            this.step(String(key));
          } catch (error) {
            if (this.fault !== 'short' && this.fault !== 'crash') throw error;
            // Half of it gets in, as when the disk is full or the process is killed in the middle.
            const [data, offset, length] = args;
            if (key === 'write') await target.write(data as Buffer, Number(offset), Math.ceil(Number(length) / 2));
            if (key === 'writeFile' && typeof data === 'string') await target.writeFile(data.slice(0, data.length / 2));
            throw error;
          }
          return call(...args);
        };
      },
    });
  }

  private alive(): void {
    if (this.crashed && this.armed) throw failure('EIO', 'the process is gone');
  }

  private step(name: string): void {
    this.alive();
    if (!this.armed) return;
    const index = this.done.push(name) - 1;
    if (this.lasting ? index < this.at : index !== this.at) return;
    if (this.fault === 'crash') this.crashed = true;
    throw failure(this.fault === 'short' ? 'ENOSPC' : this.fault === 'crash' ? 'EIO' : this.fault, `${name} failed`);
  }
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
