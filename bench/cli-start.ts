import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { layoutOf } from '../src/store/file/disk/layout.ts';
import { alternate, type Benchmark, timed, under, withFolder } from './kit.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

const TASKS = 200;
const ROUNDS = 15;
const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist', 'cli.js');

/** How long a person waits for a short command, beside Node doing nothing. */
export const cliStart: Benchmark = {
  name: 'cli-start',
  says: `\`systemprompt task list\` with ${TASKS} tasks, from start to exit`,
  async run(print) {
    if (!existsSync(cli)) await run([join(root, 'esbuild.js')], root);
    await withFolder(async (folder) => {
      const records = sampleRecords(TASKS);
      writeSampleStore(folder, records);
      writeLogs(folder, records);
      for (const [name, args] of Object.entries({
        'task list': ['task', 'list'],
        'task list --json': ['task', 'list', '--json'],
        '--version': ['--version'],
      })) {
        await run([cli, ...args], folder);
        const pair = await alternate(
          ROUNDS,
          () => timed(() => run([cli, ...args], folder)),
          () => timed(() => run(['-e', '0'], folder)),
        );
        print({
          name: `CLI ${name}`,
          value: pair.ours,
          unit: 'ms',
          limit: { what: 'node -e 0', value: pair.limit },
          ratio: pair.ratio,
          target: under(150, 'ms', pair.ours),
        });
      }
    });
  },
};

/** Each task has the line that tells of its creation, as every task that was made by the store. */
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
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`It ended with ${code}: ${errors}`))));
  });
}
