import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canInstallPackages, installPackages } from '../../scripts/apt.ts';

const libraries = '/usr/lib/*/faketime/libfaketimeMT.so.1';

/** A wall clock for other processes that can be set while they run. Their monotonic clock stays the real one. */
export interface FakeClock {
  /** The environment of a process that lives by this clock. */
  readonly env: NodeJS.ProcessEnv;
  /** Makes the clock differ from the real one by so many seconds, from now on. */
  jump(seconds: number): void;
}

/**
 * libfaketime, installed with apt-get where that needs no password. Tests are skipped where it cannot be had: loudly,
 * and not in CI.
 *
 * @throws Error in CI
 */
export async function faketimeOrSkip(): Promise<{ readonly library: string; readonly skip: string | false }> {
  const find = (): string | undefined => globSync(libraries)[0];
  if (find() === undefined && canInstallPackages()) {
    await installPackages(['faketime'], 'clocks that jump, for tests').catch(() => {});
  }
  const library = find();
  if (library !== undefined) return { library, skip: false };
  const skip = 'libfaketime is not installed. Install the package faketime.';
  if (/^(?:1|true)$/i.test(process.env.CI ?? '')) throw new Error(skip);
  console.error(`\n!!! The tests with a clock that jumps CANNOT RUN HERE: ${skip}\n`);
  return { library: '', skip };
}

export function fakeClock(library: string, folder: string): FakeClock {
  const file = join(folder, 'clock');
  const jump = (seconds: number): void => writeFileSync(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  jump(0);
  const env = {
    ...process.env,
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // Files keep their real times.
    NO_FAKE_STAT: '1',
  };
  return { env, jump };
}
