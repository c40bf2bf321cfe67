import type { DiskFile } from '../../../src/store/file/disk/disk-file.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';

const calls = [
  'open',
  'rename',
  'link',
  'unlink',
  'rm',
  'rmdir',
  'mkdir',
  'readdir',
  'readFile',
  'writeFile',
  'stat',
  'lstat',
] as const;
const syncs: ReadonlySet<PropertyKey> = new Set(['datasync', 'sync']);
const handleCalls: ReadonlySet<PropertyKey> = new Set(['stat', 'read', 'write', 'writeFile', ...syncs]);

/**
 * The real disk, as one process sees it that can be stopped in front of any step. A stopped process resumes when it is
 * told to, or never does anything again, as after `kill -9`.
 */
export class SteppingFileSystem {
  /** Steps that were begun, by name. */
  readonly steps: string[] = [];
  readonly fs: FileSystem;
  /** Resolves when the process stands in front of the step. */
  readonly stopped: Promise<void>;
  private readonly at: number;
  private stop: () => void = () => {};
  private goOn: (dead: boolean) => void = () => {};
  private readonly decision: Promise<boolean>;

  /** @param at the step in front of which the process stops, from 0 */
  constructor(at = Number.POSITIVE_INFINITY) {
    this.at = at;
    this.stopped = new Promise((resolve) => {
      this.stop = resolve;
    });
    this.decision = new Promise((resolve) => {
      this.goOn = resolve;
    });
    const real = nodeFileSystem as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const gated = Object.fromEntries(
      calls.map((name) => [
        name,
        async (...args: unknown[]) => {
          await this.step(name);
          const result = await real[name]?.(...args);
          return name === 'open' ? this.gate(result as DiskFile) : result;
        },
      ]),
    );
    this.fs = { ...nodeFileSystem, ...gated } as FileSystem;
  }

  /** Resumes the process. */
  resume(): void {
    this.goOn(false);
  }

  /** The process never does anything again. */
  kill(): void {
    this.goOn(true);
  }

  private gate(handle: DiskFile): DiskFile {
    return new Proxy(handle, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (handleCalls.has(key)) await this.step(String(key));
          // Only a power cut tells the difference.
          return syncs.has(key) ? undefined : Reflect.apply(value, target, args);
        };
      },
    });
  }

  private async step(name: string): Promise<void> {
    const index = this.steps.push(name) - 1;
    if (index < this.at) return;
    this.stop();
    if (await this.decision) throw new Error('The process is dead.');
  }
}
