import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { TaskManager } from '../../src/index.ts';
import { bench } from '../operations/context.ts';
import { testRepository } from '../runtime/worktrees/repository.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../support/worker-bench.ts';

type Team = WorkerBench & { tm: TaskManager; git: (...words: string[]) => string };

async function team(context: TestContext): Promise<Team> {
  const repository = testRepository(tempFolder(context));
  repository.commit({ 'a.txt': 'a\n' });
  const worker = await workerBench(context, { folder: repository.folder });
  const { store, agents } = worker;
  return { ...worker, tm: new TaskManager({ ...(await bench(context)), store, agents }), git: repository.git };
}

describe('teamwork of the specification', () => {
  it('splits a task, assigns agents, waits for the parts and merges their results (F199–F203)', async (context) => {
    const { tm, store, git } = await team(context);
    const mainTask = await tm.createTask({
      title: 'Write three files',
      tool: 'SHELL',
      description: '- [ ] One\n- [ ] Two\n- [ ] Three',
      resourceConstraints: { maxTokens: 3_000 },
    });

    // Split task into parallel subtasks
    const subtasks = await tm.splitTask(mainTask.id, { strategy: 'parallel', numSubtasks: 3 });

    assert.deepEqual(
      subtasks.map(({ title, parent_id: parent, constraints }) => [title, parent, constraints.max_tokens]),
      ['One', 'Two', 'Three'].map((title) => [title, mainTask.id, 1_000]),
    );
    assert.equal(store.resolve(mainTask.id).kind, 'group');
    for (const { id, title } of subtasks) await store.updateTask(id, { instructions: `echo ${title} > ${title}.txt` });

    // Assign different agents to each subtask
    await tm.assignAgent(subtasks[0]?.id ?? '', 'gpt-4');
    await tm.assignAgent(subtasks[1]?.id ?? '', 'claude-3-opus-20240229');
    assert.deepEqual(
      subtasks.slice(0, 2).map(({ id }) => [store.resolve(id).tool, store.resolve(id).assignee]),
      [
        ['CODEX', 'gpt-4'],
        ['CLAUDECODE', 'claude-3-opus-20240229'],
      ],
    );
    for (const subtask of subtasks) {
      await tm.assignAgent(subtask.id, 'SHELL');
      await tm.startTask(subtask.id);
    }

    // Wait for all subtasks to complete, then merge results
    const done = await tm.waitForSubtasks(mainTask.id);
    const merged = await tm.mergeSubtaskResults(mainTask.id);

    assert.ok(done.every(({ status }) => status === 'completed'));
    assert.equal(store.resolve(mainTask.id).status, 'completed');
    assert.deepEqual(
      merged.parts.map(({ title, status }) => [title, status]),
      ['One', 'Two', 'Three'].map((title) => [title, 'completed']),
    );
    assert.equal(git('show', `${merged.branch}:Two.txt`), 'Two');
  });

  it('waits with a time limit and a signal, and not for a deleted part', async (context) => {
    const { tm, store } = await team(context);
    const { id } = await tm.createTask({ title: 'Whole', tool: 'SHELL', instructions: 'true' });
    await assert.rejects(tm.waitForSubtasks(id), { code: 'InvalidInput' });
    const [first, second] = await tm.splitTask(id, { strategy: 'parallel', numSubtasks: 2 });
    await assert.rejects(tm.waitForSubtasks(id, { timeout: 1 }), { code: 'TimedOut' });
    await assert.rejects(tm.waitForSubtasks(id, { signal: AbortSignal.abort(new Error('Enough.')) }), /Enough/);
    await tm.startTask(first?.id ?? '');
    const waiting = tm.waitForSubtasks(id);
    await store.deleteTask(second?.id ?? '');
    assert.deepEqual(
      (await waiting).map(({ number }) => number),
      [first?.number],
    );
    await assert.rejects(tm.splitTask(id, { strategy: 'parallel' }), { code: 'IllegalTransition' });
  });

  it('splits a task that is too complex into smaller ones (F221)', async (context) => {
    const tm = new TaskManager(await bench(context));
    const description = ['Users', 'Orders', 'Prices', 'Carts']
      .map((name) => `- [ ] Migrate src/${name}.ts across the database schema, with all tests`)
      .join('\n');
    const task = await tm.createTask({ title: 'Migrate', description });
    const subtasks = await tm.splitTask(task.id, { strategy: 'complexity_based', maxSubtaskComplexity: 0.4 });
    assert.ok(subtasks.length > 1);
    for (const subtask of subtasks) assert.ok(subtask.estimatedComplexity < task.estimatedComplexity);
  });
});
