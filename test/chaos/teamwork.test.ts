import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { worktreeBench } from '../runtime/worktrees/bench.ts';
import { deadlyGit } from '../runtime/worktrees/deadly-git.ts';
import type { TestRepository } from '../runtime/worktrees/repository.ts';
import { tempFolder } from '../support/temp-folder.ts';

const child = fileURLToPath(new URL('support/teamwork-child.ts', import.meta.url));
const rounds = Number(process.env['CHAOS'] ?? 0);
/** Random moments of each step; a hundred in the usual long run. */
const KILLS = rounds === 0 ? 1 : 20 * rounds;

type What = 'pick' | 'merge-parts';

interface Situation {
  readonly repository: TestRepository;
  /** Numbers of the group and its two parts. */
  readonly numbers: readonly [group: string, one: string, two: string];
  readonly reset: () => void;
}

/** A group with two completed parts, which are entrants if the step is a pick. `reset` returns to it. */
async function situation(context: TestContext, what: What): Promise<Situation> {
  const folder = join(tempFolder(context), 'work');
  const bench = await worktreeBench(context, folder);
  const { repository, store } = bench;
  const { id, number } = await store.createTask({ title: 'Whole', kind: 'group' });
  if (what === 'pick') await store.transact('test.race', (draft) => void draft.patch(id, { race: {} }));
  const one = await bench.done({ 'one.txt': '1\n' }, { title: 'One', parentId: id });
  const two = await bench.done({ 'two.txt': '2\n' }, { title: 'Two', parentId: id });
  await store.close();
  const copy = `${folder}-copy`;
  const copied = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true } as const;
  cpSync(folder, copy, copied);
  return {
    repository,
    numbers: [`${number}`, `${one.number}`, `${two.number}`],
    reset() {
      rmSync(folder, { recursive: true });
      cpSync(copy, folder, copied);
    },
  };
}

/** Reads the store anew: the killed process wrote it. */
async function tasksOf({ repository, numbers }: Situation): Promise<TaskRecord[]> {
  const store = await TaskStore.open({ folder: repository.folder, watch: false });
  try {
    return numbers.map((number) => store.resolve(number));
  } finally {
    await store.close();
  }
}

async function checkEnd(at: Situation, what: What, name: string): Promise<void> {
  const { git } = at.repository;
  const [group, one, two] = await tasksOf(at);
  const show = (path: string): string => git('show', `${group?.workspace?.branch}:${path}`);
  assert.deepEqual([group?.status, one?.status, two?.status], ['completed', 'completed', 'completed'], name);
  assert.equal(git('worktree', 'list').split('\n').length, 1, name);
  assert.deepEqual(git('branch', '--list', 'systemprompt/*').trim().split(/\s+/), [group?.workspace?.branch], name);
  assert.equal(one?.workspace?.merged_into, group?.id, name);
  assert.equal(show('one.txt'), '1', name);
  if (what === 'merge-parts') assert.equal(show('two.txt'), '2', name);
  else {
    assert.equal(group?.race?.picked, one?.id, name);
    assert.throws(() => show('two.txt'), name);
    assert.equal(git('show', `${two?.workspace?.discarded_ref}:two.txt`), '2', name);
    const picks = group?.history.filter(({ reason }) => reason === 'a result was picked') ?? [];
    assert.equal(picks.length, 1, name);
  }
}

describe('teamwork with killed processes', () => {
  for (const what of ['pick', 'merge-parts'] satisfies What[]) {
    it(`completes a ${what} once and leaves no worktree behind (${KILLS} kills)`, {
      timeout: 60 * 60_000,
    }, async (context) => {
      const git = deadlyGit(context, child);
      const at = await situation(context, what);
      const words = [at.repository.folder, what, ...at.numbers];
      git.run(words);
      const steps = git.count();
      await checkEnd(at, what, 'calm');
      for (let kill = 0; kill < KILLS; kill += 1) {
        const step = 1 + Math.floor(Math.random() * steps);
        const moment = Math.random() < 0.5 ? 'before' : 'after';
        const name = `${what}: ${moment} ${step} of ${steps}`;
        context.diagnostic(name);
        at.reset();
        git.run(words, `${moment} ${step}`);
        // A worker that starts later finishes a recorded pick; a person may also repeat it.
        const [group] = await tasksOf(at);
        const isPicked = group?.race?.picked !== undefined;
        git.run(isPicked && kill % 2 === 0 ? [at.repository.folder, 'finish'] : words);
        await checkEnd(at, what, name);
      }
    });
  }
});
