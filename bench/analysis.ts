import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { analyzeFolder } from '../src/runtime/analysis/analyze.ts';
import { alternate, type Benchmark, timed, under, withFolder } from './kit.ts';

const COUNT = 100_000;
const ROUNDS = 3;
const AT_ONCE = 32;
const endings = ['ts', 'py', 'go', 'java', 'md', 'json'];

/** The suggestions from a folder of 100,000 files beside reading all of them. */
export const analysis: Benchmark = {
  name: 'analysis',
  measures: `suggestions from a repository of ${COUNT} files`,
  async run(print) {
    await withFolder(async (folder) => {
      await fill(folder);
      const pair = await alternate(
        ROUNDS,
        () => timed(() => analyzeFolder(folder)),
        () => timed(() => readAll(folder)),
      );
      print({
        name: `analyse ${COUNT} files`,
        value: pair.ours,
        unit: 'ms',
        limit: { what: '`git ls-files` and `readFile` of each', value: pair.limit },
        ratio: pair.ratio,
        target: under(30_000, 'ms', pair.ours),
      });
    });
  },
};

async function readAll(folder: string): Promise<void> {
  const files = git(folder, 'ls-files', '-z').split('\0').filter(Boolean).values();
  const work = async (): Promise<void> => {
    for (const file of files) await readFile(join(folder, file));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Files of about 2.8 kB, of which each has other lines, in two commits. */
async function fill(folder: string): Promise<void> {
  git(folder, 'init', '--quiet');
  for (let index = 0; index < COUNT; index += 1) {
    const file = join(
      folder,
      `part${Math.floor(index / 1_000)}`,
      `module${Math.floor(index / 50) % 20}`,
      nameOf(index),
    );
    if (index % 50 === 0) await mkdir(dirname(file), { recursive: true });
    await writeFile(file, textOf(index));
  }
  commit(folder);
  for (let index = 0; index < 1_000; index += 1) {
    const file = join(
      folder,
      `part${Math.floor(index / 1_000)}`,
      `module${Math.floor(index / 50) % 20}`,
      nameOf(index),
    );
    await writeFile(file, `${textOf(index)}more();\n`);
  }
  commit(folder);
}

function nameOf(index: number): string {
  return `file${index}.${endings[index % endings.length]}`;
}

function textOf(index: number): string {
  const lines = Array.from({ length: 10 + ((index * 7_919) % 120) }, (_, line) => {
    if (line % 9 === 0) return `export function f${index}_${line}(a, b) {`;
    if (line % 9 === 8) return '}';
    return `${' '.repeat(4 + 4 * (line % 3))}const value${line} = compute${(index + line) % 97}(a, ${index * 31 + line});`;
  });
  if (index % 50 === 3) lines.push(`// TODO: handle the case ${index}`);
  return `${lines.join('\n')}\n`;
}

function commit(folder: string): void {
  git(folder, 'add', '--all');
  git(folder, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '--quiet', '--message', 'Change');
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 100_000_000 });
}
