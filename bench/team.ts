import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_PARALLEL } from '../src/runtime/settings/defaults.ts';
import { type Benchmark, diskSync, type Row, timed, withFolder } from './kit.ts';

const PARTS = 200;
const FILES = 100;
const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist', 'cli.cjs');

/** A part knows its number by its worktree: `12-title` of a task, `12` of the shell script. */
const work = 'n=$(basename "$PWD" | cut -d- -f1); echo "part $n" > "part-$n.txt"';

/** A worktree, the work and a commit for each part. Worktrees one by one: git loses some that it adds at the same time. */
const runByShell = `set -e
for n in $(seq 1 ${PARTS}); do git worktree add --quiet -b "part-$n" "../parts/$n" main; done
part() {
  set -e
  cd "../parts/$1"
  ${work}
  git add --all
  git commit --quiet -m "Part $1"
}
export -f part
seq 1 ${PARTS} | xargs -P ${MAX_PARALLEL} -I{} bash -c 'part {}'`;

/** A merge of each part into one branch, and of that into the branch of the person. */
const mergeByShell = `set -e
git worktree add --quiet -b all ../all main
for n in $(seq 1 ${PARTS}); do
  git -C ../all merge --quiet --no-edit "part-$n"
  git worktree remove "../parts/$n"
  git branch --quiet -D "part-$n"
done
git merge --quiet --ff-only all
git worktree remove ../all
git branch --quiet -D all`;

/** A task that is split into many scripts, which work in their own worktrees and are merged, by the command line. */
export const team: Benchmark = {
  name: 'team',
  measures: `a task split into ${PARTS} scripts, run in their worktrees and merged`,
  async run(print) {
    if (!existsSync(cli)) await run([process.execPath, join(root, 'esbuild.js'), '--production'], root);
    const syncMs = await diskSync();
    // One round, because it takes minutes.
    const script = await inFolder(byScript);
    const ours = await inFolder(byTasks);
    const row = (name: string, value: number, what: string, limit: number): Row => {
      return { name, value, unit: 'ms', limit: { what, value: limit }, ratio: value / limit, syncMs };
    };
    print(row(`split and run ${PARTS} parts`, ours.run, 'git worktree, commit by a script', script.run));
    print(row(`merge ${PARTS} parts`, ours.merge, 'git merge by a script', script.merge));
  },
};

/** Milliseconds. */
interface Times {
  readonly run: number;
  readonly merge: number;
}

/** The times of the work, after which the branch of the person must have every part */
function inFolder(way: (folder: string) => Promise<Times>): Promise<Times> {
  return withFolder(async (base) => {
    const folder = join(base, 'repository');
    mkdirSync(folder);
    for (let at = 0; at < FILES; at += 1) writeFileSync(join(folder, `file-${at}.txt`), `line ${at}\n`.repeat(20));
    writeFileSync(join(folder, '.gitignore'), '.systemprompt/\n');
    const begin = `git init --quiet --initial-branch=main && git config user.name Bench && git config user.email bench@localhost &&
      git config gc.auto 0 && git add --all && git commit --quiet -m Begin`;
    await run(['bash', '-c', begin], folder);
    const times = await way(folder);
    const merged = await run(['bash', '-c', 'ls part-*.txt | wc -l'], folder);
    if (Number(merged) !== PARTS) throw new Error(`${merged.trim()} of ${PARTS} parts were merged.`);
    return times;
  });
}

async function byTasks(folder: string): Promise<Times> {
  const ours = (...words: string[]): Promise<string> => run([process.execPath, cli, ...words], folder);
  await ours('task', 'create', 'Whole', '--assigned-to', 'SHELL', '--instructions', work);
  const worker = spawn(process.execPath, [cli, 'worker', '--parallel', String(MAX_PARALLEL)], {
    cwd: folder,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => worker.on('close', resolve));
  try {
    const running = await timed(async () => {
      await ours('task', 'split', '1', '--num-subtasks', String(PARTS), '--start', '--yes');
      await ours('task', 'watch', '1');
    });
    const merging = await timed(async () => {
      await ours('task', 'merge-parts', '1');
      await ours('task', 'merge', '1');
    });
    return { run: running, merge: merging };
  } finally {
    worker.kill('SIGINT');
    await ended;
  }
}

async function byScript(folder: string): Promise<Times> {
  const step = (script: string): Promise<number> => timed(() => run(['bash', '-c', script], folder));
  return { run: await step(runByShell), merge: await step(mergeByShell) };
}

/** Runs a program that must succeed. @returns its output */
function run([program = '', ...args]: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`"${[program, ...args].join(' ')}" ended with ${code}:\n${output.slice(-2_000)}`)),
    );
  });
}
