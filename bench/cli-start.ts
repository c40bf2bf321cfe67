import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { layoutOf } from '../src/store/file/disk/layout.ts';
import { alternate, type Benchmark, ratioAtMost, timed, withFolder } from './kit.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

const TASKS = 200;
const ROUNDS = 9;
/** Starts in a row: the kernel reports the time of children in steps of 10 ms. */
const STARTS = 5;
const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist', 'cli.cjs');

/** Words of a command line, and how much of Node's own start it may take. */
const commands: readonly (readonly [words: string, most: number])[] = [
  ['task list', 2],
  ['task list --json', 2.2],
  ['task list --limit many', 2.5],
  ['--version', 1.3],
  ['--help', 1.3],
];

/** The CPU time of a short command (user and system), beside Node doing nothing. */
export const cliStart: Benchmark = {
  name: 'cli-start',
  measures: `CPU time of \`systemprompt task list\` with ${TASKS} tasks, from start to exit`,
  async run(print) {
    if (!existsSync(cli)) await run([join(root, 'esbuild.js'), '--production'], root);
    await withFolder(async (folder) => {
      const records = sampleRecords(TASKS);
      writeSampleStore(folder, records);
      writeLogs(folder, records);
      for (const [words, most] of commands) {
        const args = words.split(' ');
        await run([cli, ...args], folder);
        const pair = await alternate(
          ROUNDS,
          () => cpuOf(() => run([cli, ...args], folder)),
          () => cpuOf(() => run(['-e', '0'], folder)),
        );
        print({
          name: `CPU of CLI ${words}`,
          value: pair.ours,
          unit: 'ms',
          limit: { what: 'node -e 0', value: pair.limit },
          ratio: pair.ratio,
          target: ratioAtMost(most, pair.ratio),
        });
      }
    });
  },
};

/** CPU time of one start, in milliseconds; the time that passes, if the system does not report that of children. */
async function cpuOf(start: () => Promise<void>): Promise<number> {
  const before = cpuOfChildren();
  const passed = await timed(async () => {
    for (let count = 0; count < STARTS; count += 1) await start();
  });
  const after = cpuOfChildren();
  return (before === undefined || after === undefined ? passed : after - before) / STARTS;
}

/** User and system time of ended children, in milliseconds: fields 16 and 17 of proc(5) `stat`, in hundredths. */
function cpuOfChildren(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Each task has a log line for its creation, like every task of the store. */
function writeLogs(folder: string, records: readonly TaskRecord[]): void {
  const { logs } = layoutOf(folder);
  for (const { id, created_at: timestamp, title: message } of records) {
    writeFileSync(
      join(logs, `${id}.jsonl`),
      `${JSON.stringify({ timestamp, level: 'info', type: 'system', message })}\n`,
    );
  }
}

function run(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text: Buffer) => {
      errors += text.toString();
    });
    child.on('error', reject);
    // A wrong value is a usage error, and takes its time too.
    child.on('close', (code) =>
      code === 0 || code === 2 ? resolve() : reject(new Error(`It ended with ${code}: ${errors}`)),
    );
  });
}
