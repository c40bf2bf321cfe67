import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { silentLogger } from '../src/core/logger.ts';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { createCheckpoint } from '../src/runtime/checkpoints/create.ts';
import { mergeTask } from '../src/runtime/merge/merge.ts';
import { taskChanges } from '../src/runtime/worktrees/diff.ts';
import type { WorktreeContext } from '../src/runtime/worktrees/review.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { alternate, type Benchmark, timed, withFolder } from './kit.ts';

const FILES = 10_000;
const ROUNDS = 3;
const PER_FOLDER = 100;

/** The result of a task with many files, beside the git commands that a person would type for the same. */
export const merge: Benchmark = {
  name: 'merge',
  measures: `merge, diff and checkpoint of a task that changed ${FILES} files`,
  async run(print) {
    await withFolder(async (folder) => {
      const git = (...args: string[]): string => gitIn(folder, args);
      git('init', '--quiet', '--initial-branch=main');
      git('config', 'user.name', 'Bench');
      git('config', 'user.email', 'bench@localhost');
      git('config', 'gc.auto', '0');
      writeFiles(folder, 'old');
      git('add', '--all');
      git('commit', '--quiet', '-m', 'old');
      const base = git('rev-parse', 'HEAD');
      const store = await TaskStore.open({ folder, watch: false });
      const context: WorktreeContext = { store, settings: {}, logger: silentLogger };
      try {
        const changed = await changedTask(context, base);
        const worktree = join(folder, changed.workspace?.path ?? '');
        const branch = changed.workspace?.branch ?? '';
        const diff = await alternate(
          ROUNDS,
          () => timed(() => taskChanges(context, changed, { detail: 'patch' })),
          () => timed(() => gitIn(worktree, ['diff', base])),
        );
        print({ name: `task diff, ${FILES} files`, value: diff.ours, unit: 'ms', ...against('git diff', diff) });
        const checkpoint = await alternate(
          ROUNDS,
          () => timed(() => createCheckpoint(context, changed, { kind: 'manual', message: 'bench' })),
          () => {
            // A checkpoint works on a copy of the index, so that git reads no file again: the same here.
            const index = join(folder, '.git', 'bench-index');
            rmSync(index, { force: true });
            copyFileSync(resolve(worktree, gitIn(worktree, ['rev-parse', '--git-path', 'index'])), index);
            return timed(() => {
              gitIn(worktree, ['add', '--all'], index);
              gitIn(worktree, ['write-tree'], index);
            });
          },
        );
        print({
          name: `checkpoint, ${FILES} files`,
          value: checkpoint.ours,
          unit: 'ms',
          ...against('git add, write-tree', checkpoint),
        });
        const tip = gitIn(worktree, ['rev-parse', 'HEAD']);
        const merged = await alternate(
          ROUNDS,
          async () => {
            const task = await again(context, base, tip);
            return timed(() => mergeTask(context, task, { form: 'merge' }));
          },
          async () => {
            await again(context, base, tip);
            return timed(() => {
              git('merge', '--ff-only', '--quiet', branch);
              git('worktree', 'remove', '--force', worktree);
              git('branch', '--quiet', '-D', branch);
            });
          },
        );
        print({
          name: `task merge, ${FILES} files`,
          value: merged.ours,
          unit: 'ms',
          ...against('git merge, worktree remove', merged),
        });
      } finally {
        await store.close();
      }
    });
  },
};

function against(
  what: string,
  pair: { readonly limit: number; readonly ratio: number },
): { limit: { what: string; value: number }; ratio: number } {
  return { limit: { what, value: pair.limit }, ratio: pair.ratio };
}

/** A task with a worktree in which every file is changed and committed. */
async function changedTask(context: WorktreeContext, base: string): Promise<TaskRecord> {
  const { store } = context;
  const { id } = await store.createTask({ title: 'Change', tool: 'SHELL' });
  const task = await again(context, base, base, id);
  const worktree = join(store.folder, task.workspace?.path ?? '');
  writeFiles(worktree, 'new');
  gitIn(worktree, ['add', '--all']);
  gitIn(worktree, ['commit', '--quiet', '-m', 'new']);
  return task;
}

/** As before the merge: the person's branch at its old commit, and the worktree at the task's. */
async function again(context: WorktreeContext, base: string, tip: string, given?: string): Promise<TaskRecord> {
  const { store } = context;
  const id = given ?? [...store.view.all()][0]?.id ?? '';
  const path = '.systemprompt/worktrees/1-change';
  const branch = 'systemprompt/1-change';
  gitIn(store.folder, ['reset', '--quiet', '--hard', base]);
  if (existsSync(join(store.folder, path))) gitIn(store.folder, ['worktree', 'remove', '--force', path]);
  gitIn(store.folder, ['worktree', 'prune']);
  gitIn(store.folder, ['worktree', 'add', '--quiet', '--force', '-B', branch, path, tip]);
  const workspace = { kind: 'worktree', path, branch, base: 'main', base_head: base, base_commit: base } as const;
  await store.transact('bench.reset', (draft) => {
    draft.patch(draft.require(id).id, { status: 'completed', workspace });
  });
  return store.resolve(id);
}

function writeFiles(folder: string, text: string): void {
  for (let at = 0; at < FILES; at += 1) {
    const inside = join(folder, `d${Math.floor(at / PER_FOLDER)}`);
    if (at % PER_FOLDER === 0) mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, `f${at}.txt`), `${text} ${at}\n`.repeat(5));
  }
}

function gitIn(cwd: string, args: readonly string[], index?: string): string {
  const env = index === undefined ? process.env : { ...process.env, GIT_INDEX_FILE: index };
  return execFileSync('git', args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
  }).trimEnd();
}
