import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';
import { worktreeBench } from '../worktrees/bench.ts';
import { testRepository } from '../worktrees/repository.ts';

const waiting = (go: string) => `echo one > made.txt; while ! test -e '${go}'; do sleep 0.02; done`;

describe('automatic checkpoints', () => {
  it('are created while a task runs, after each change', async (context) => {
    const repository = testRepository(tempFolder(context));
    repository.commit({ 'a.txt': 'a\n' });
    const go = join(tempFolder(context), 'go');
    const settings = { checkpoints: { minutes: 0.001 } };
    const bench = await workerBench(context, { folder: repository.folder, settings });
    const task = await bench.run({ title: 'Wait', instructions: waiting(go) });
    // A file that is being written may be caught empty.
    const made = (): readonly string[] =>
      (bench.store.resolve(task.id).checkpoints ?? [])
        .map(({ commit }) => repository.git('show', `${commit}:made.txt`))
        .filter((text) => text !== '');
    await until('there is one', () => made().includes('one'));
    const { path = '' } = bench.store.resolve(task.id).workspace ?? {};
    writeFileSync(join(repository.folder, path, 'made.txt'), 'two\n');
    await until('there is another', () => made().includes('two'));
    assert.deepEqual(made(), ['one', 'two']);
    assert.equal(bench.store.resolve(task.id).checkpoints?.[0]?.kind, 'auto');
    writeFileSync(go, '');
    await bench.reaches(task.id, 'completed');
  });

  it('start when they are enabled for a running task (F217)', async (context) => {
    const repository = testRepository(tempFolder(context));
    repository.commit({ 'a.txt': 'a\n' });
    const go = join(tempFolder(context), 'go');
    const settings = { checkpoints: { minutes: false as const } };
    const bench = await workerBench(context, { folder: repository.folder, settings });
    const task = await bench.run({ title: 'Wait', instructions: waiting(go) });
    await bench.reaches(task.id, 'in_progress');
    await bench.store.updateTask(task.id, { checkpoint_minutes: 0.001 });
    await until('there is one', () => bench.store.resolve(task.id).checkpoints?.at(0) !== undefined);
    writeFileSync(go, '');
    await bench.reaches(task.id, 'completed');
  });

  it('are created before a merge and survive the removal of the worktree', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'a.txt': 'changed\n' });
    await mergeTask(bench, task, { form: 'squash' });
    const [checkpoint, ...more] = bench.now(task).checkpoints ?? [];
    assert.deepEqual([checkpoint?.kind, more.length], ['before-merge', 0]);
    assert.equal(bench.repository.git('show', `${checkpoint?.commit}:a.txt`), 'changed');
  });
});
