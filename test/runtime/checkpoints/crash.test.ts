import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { findCheckpoint } from '../../../src/core/task/checkpoint.ts';
import { createCheckpoint } from '../../../src/runtime/checkpoints/create.ts';
import { restoreCheckpoint } from '../../../src/runtime/checkpoints/restore.ts';
import { recoverInterrupted } from '../../../src/runtime/recovery/interrupted.ts';
import { worktreeBench } from '../worktrees/bench.ts';
import { deadlyGit } from '../worktrees/deadly-git.ts';

/** How many of the steps are tried, spread over all of them; every other one where there is time for it. */
const TRIED = process.env['CHAOS'] === undefined ? 6 : Number.POSITIVE_INFINITY;

it('after a kill in a step of creating or restoring a checkpoint, a repetition completes it', async (context) => {
  const git = deadlyGit(context, fileURLToPath(new URL('crash-child.ts', import.meta.url)));
  const bench = await worktreeBench(context);
  const task = await bench.done({ 'a.txt': 'good\n' });
  await createCheckpoint(bench, task, { kind: 'manual', message: 'good' });
  const file = join(bench.folderOf(task), 'a.txt');
  const words = (what: string): string[] => [bench.repository.folder, String(task.number), what];
  let [tried, killed] = [0, 0];
  for (const what of ['checkpoint', 'restore']) {
    writeFileSync(file, `${what}\n`);
    git.run(words(what));
    const steps = git.count();
    assert.ok(steps > 5);
    for (let step = 1; step <= steps; step += Math.max(2, Math.ceil(steps / TRIED))) {
      const text = `${what} ${step}\n`;
      writeFileSync(file, text);
      // It may need fewer calls than when they were counted: then it lived, and what follows holds all the more.
      if (!git.run(words(what), `after ${step}`)) killed += 1;
      tried += 1;
      await bench.store.refresh();
      await recoverInterrupted(bench.store, createAgentCatalog({ folder: bench.store.folder }), silentLogger);
      assert.equal(bench.now(task).lease, undefined, `the task is free after step ${step}`);
      const kept = (): string[] =>
        (bench.now(task).checkpoints ?? []).map(({ commit }) => bench.repository.git('show', `${commit}:a.txt`));
      const there = readFileSync(file, 'utf8');
      assert.ok(there === text || kept().includes(text.trim()), `nothing is lost after step ${step}`);
      if (what === 'checkpoint') continue;
      await restoreCheckpoint(bench, task.id, findCheckpoint(bench.now(task), 1));
      assert.equal(readFileSync(file, 'utf8'), 'good\n');
      assert.ok(kept().includes(text.trim()), `what was there is kept after step ${step}`);
    }
  }
  assert.ok(killed > tried / 2, `killed in ${killed} of ${tried} steps`);
});
