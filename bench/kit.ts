import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SYNCS = 31;

export type Unit = 'ms' | 'µs' | 'kB' | 'bytes' | 'tasks' | 'per minute';

/** One line of the output: what was measured beside the raw limit or the peer of the same run. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** The raw limit or the peer, in the same unit. */
  readonly limit: { readonly what: string; readonly value: number };
  /** Ours divided by the limit; the median of the pairs where it was measured in rounds. */
  readonly ratio: number;
  readonly target?: { readonly text: string; readonly met: boolean } | undefined;
  readonly note?: string | undefined;
  /** Milliseconds that the disk takes for one sync, where the ratio depends on it: `diskSync`. */
  readonly syncMs?: number | undefined;
}

export interface Benchmark {
  readonly name: string;
  /** The subject of the measurement, for the list of benchmarks. */
  readonly measures: string;
  run(print: (row: Row) => void): Promise<void>;
}

export interface Pair {
  readonly ours: number;
  readonly limit: number;
  readonly ratio: number;
}

/**
 * Runs both in turn, the order turned around each round, so that a slow moment of the machine meets both. Each gives
 * what it measured. The ratio is the median of the rounds' ratios, not the ratio of medians.
 */
export async function alternate(
  rounds: number,
  ours: () => Promise<number> | number,
  limit: () => Promise<number> | number,
): Promise<Pair> {
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0 ? await ours() : await limit();
    const second = round % 2 === 0 ? await limit() : await ours();
    const [a, b] = round % 2 === 0 ? [first, second] : [second, first];
    pairs.push({ ours: a, limit: b, ratio: a / b });
  }
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    limit: median(pairs.map((pair) => pair.limit)),
    ratio: median(pairs.map((pair) => pair.ratio)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Milliseconds that an action takes. */
export async function timed(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

export function timedSync(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

/** Milliseconds that `fsync` of a small file takes where the benchmarks have their folders; the median of some. */
export function diskSync(): Promise<number> {
  return withFolder(async (folder) => {
    const times: number[] = [];
    const file = await open(join(folder, 'file'), 'a');
    for (let count = 0; count < SYNCS; count += 1) {
      await file.write('a line of a journal\n');
      times.push(await timed(() => file.sync()));
    }
    await file.close();
    return median(times);
  });
}

/** A target for the ratio. */
export function ratioAtMost(most: number, ratio: number): Row['target'] {
  return { text: `ratio at most ${most}`, met: ratio <= most };
}

/** A target for the value itself. */
export function under(most: number, unit: Unit, value: number): Row['target'] {
  return { text: `under ${most} ${unit}`, met: value < most };
}

/** Lends a folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'systemprompt-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Bytes of heap after garbage collection. Needs `--expose-gc`. */
export function heapUsed(): number {
  for (let i = 0; i < 4; i += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Watches how much memory the process has at most while something runs. */
export async function withPeakMemory<T>(action: () => Promise<T>): Promise<{ result: T; peakBytes: number }> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  try {
    return { result: await action(), peakBytes: Math.max(peak, process.memoryUsage().rss) - before };
  } finally {
    clearInterval(timer);
  }
}

/** `name value limit-or-peer ratio`, with the target where there is one. */
export function formatRow(row: Row): string {
  const target = row.target === undefined ? '' : `  ${row.target.met ? '✔' : '✖'} ${row.target.text}`;
  return [
    row.name.padEnd(34),
    `${number(row.value)} ${row.unit}`.padStart(13),
    `  ${row.limit.what} ${number(row.limit.value)} ${row.unit}`.padEnd(48),
    `${row.ratio < 0.1 ? row.ratio.toPrecision(1) : row.ratio.toFixed(2)} ×`.padStart(9),
    target,
    row.syncMs === undefined ? '' : `  disk sync ${row.syncMs.toPrecision(2)} ms`,
    row.note === undefined ? '' : `  (${row.note})`,
  ].join('');
}

function number(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
}
