import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { tempFolder } from '../support/temp-folder.ts';

type Library = typeof import('../../src/index.ts');

/**
 * The usage examples of the specification, word for word where they are code, in a folder of their own: `getInstance`
 * takes the current one. And what a program asks of the store besides.
 */
export function usageExamples(name: string, load: () => Promise<Library>): void {
  describe(name, () => {
    const home = process.cwd();
    let library: Library;
    let TaskStore: Library['TaskStore'];
    let folder: string;

    before(async () => {
      library = await load();
      TaskStore = library.TaskStore;
    });

    beforeEach((context) => {
      assert.ok('after' in context);
      folder = tempFolder(context);
      process.chdir(folder);
      context.after(async () => {
        await TaskStore.getInstance().close();
        process.chdir(home);
      });
    });

    after(() => process.chdir(home));

    test('creating and running a task (F1, F2, F8–F16, F18, F19, F57, F58, F62, F63)', async () => {
      const agentSession = { id: 'session_42' };

      const taskStore = TaskStore.getInstance();

      // Create task
      const task = await taskStore.createTask({
        description: 'Implement user authentication',
        tool: 'CLAUDECODE',
        instructions: 'Add JWT-based auth with login/logout',
      });

      // Update when agent starts
      await taskStore.updateTask(task.id, {
        status: 'in_progress',
        started_at: new Date().toISOString(),
        assigned_to: agentSession.id,
      });

      // Log progress
      await taskStore.addLog(task.id, 'Created auth middleware', 'info', { fileName: 'auth.js' });

      // Complete task
      await taskStore.completeTask(task.id, {
        filesCreated: ['auth.js', 'auth.test.js'],
        testsPass: true,
      });

      assert.deepEqual(
        Object.keys(task)
          .filter((key) => /_at$|^(id|status|logs|tool|description)$/.test(key))
          .sort(),
        ['created_at', 'description', 'id', 'logs', 'status', 'tool', 'updated_at'],
      );
      assert.deepEqual([task.status, task.tool], ['pending', 'CLAUDECODE']);
      assert.match(task.id, /^task_/);
      assert.equal(task.description, 'Implement user authentication');
      const done = await taskStore.getTask(task.id);
      assert.ok(done);
      assert.deepEqual([done.status, done.assigned_to], ['completed', 'session_42']);
      assert.deepEqual(done.result, { filesCreated: ['auth.js', 'auth.test.js'], testsPass: true });
      for (const time of [done.created_at, done.updated_at, done.started_at, done.completed_at]) {
        assert.match(time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }
      const entry = done.logs.find((line) => line.message === 'Created auth middleware');
      assert.deepEqual([entry?.level, entry?.metadata?.fileName], ['info', 'auth.js']);
    });

    test('monitoring active tasks (F20, F60, F65, F85)', async () => {
      const taskStore = TaskStore.getInstance();
      const console = { lines: [] as string[], log: (line: string): void => void console.lines.push(line) };

      // Listen for updates
      taskStore.on('task:updated', ({ task }) => {
        console.log(`Task ${task.id}: ${task.status}`);
      });

      const { id: taskId } = await taskStore.createTask({ description: 'Watched', tool: 'CLAUDECODE' });
      await taskStore.createTask({ description: 'Not begun', tool: 'CLAUDECODE' });
      await taskStore.updateTask(taskId, { status: 'in_progress' });
      await taskStore.addLog(taskId, 'one');
      await taskStore.updateTask(taskId, { status: 'completed_active' });

      // Query active tasks
      const active = await taskStore.getTasks({
        status: ['in_progress', 'completed_active'],
      });

      // Get task with full details
      const task = await taskStore.getTask(taskId);
      assert.ok(task);
      console.log(`Logs: ${task.logs.length}`);
      console.log(`Duration: ${task.duration}ms`);

      assert.deepEqual(
        active.map(({ id }) => id),
        [taskId],
      );
      assert.deepEqual(console.lines.slice(0, 2), [`Task ${taskId}: in_progress`, `Task ${taskId}: completed_active`]);
      assert.equal(console.lines[2], `Logs: ${active[0]?.log_count}`);
      assert.match(console.lines[3] ?? '', /^Duration: \d+ms$/);
    });

    test('the filter of the example (F61, F84–F86, F88, F89)', async () => {
      const taskStore = TaskStore.getInstance();
      const [queued, , other] = await Promise.all([
        taskStore.createTask({ description: 'Queued', tool: 'CLAUDECODE' }),
        taskStore
          .createTask({ description: 'Done', tool: 'CLAUDECODE' })
          .then(({ id }) => taskStore.updateTask(id, { status: 'cancelled' })),
        taskStore.createTask({ description: 'Another agent', tool: 'SHELL' }),
      ]);

      const activeTasks = await taskStore.getTasks({
        status: ['pending', 'in_progress'],
        tool: 'CLAUDECODE',
        createdAfter: '2024-01-01',
      });

      assert.deepEqual(
        activeTasks.map((task) => task.id),
        [queued.id],
      );
      assert.equal((await taskStore.getTasks({ createdBefore: '2024-01-01' })).length, 0);
      assert.deepEqual(
        (await taskStore.getTasksByStatus('pending')).map((task) => task.id),
        [queued.id, other.id],
      );
    });

    test('tasks are in memory, and a change is visible to every reader at once (F3, F35, F113, F158)', async () => {
      const taskStore = TaskStore.getInstance();
      const { id, number } = await taskStore.createTask({ description: 'One', tool: 'SHELL' });
      await taskStore.updateTask(id, { status: 'in_progress' });
      assert.equal(taskStore.view.byId(id)?.status, 'in_progress');
      assert.equal(taskStore.resolve(String(number)).status, 'in_progress');
      assert.equal((await taskStore.getTask(`#${number}`))?.status, 'in_progress');
      assert.deepEqual(
        (await taskStore.getTasksByStatus('in_progress')).map((task) => task.id),
        [id],
      );
    });

    test('metrics (F7, F64, F91–F95)', async () => {
      const taskStore = TaskStore.getInstance();
      for (const status of ['completed', 'completed', 'failed', undefined] as const) {
        const { id } = await taskStore.createTask({ description: 'x', tool: 'SHELL' });
        await taskStore.updateTask(id, { status: 'in_progress' });
        if (status !== undefined) await taskStore.updateTask(id, { status });
      }

      const metrics = await taskStore.getMetrics();

      assert.equal(metrics.total, 4);
      assert.deepEqual([metrics.byStatus.completed, metrics.byStatus.failed, metrics.byStatus.in_progress], [2, 1, 1]);
      assert.deepEqual(metrics.byTool, { SHELL: 4 });
      assert.ok(metrics.averageDuration >= 0);
      assert.equal(Math.round(metrics.successRate), 67);
    });

    test('the store of a folder is a singleton until it is closed (F2)', async () => {
      const taskStore = TaskStore.getInstance();
      assert.equal(TaskStore.getInstance(), taskStore);
      assert.equal(TaskStore.getInstance('.'), taskStore);
      assert.notEqual(TaskStore.getInstance('elsewhere'), taskStore);
      await TaskStore.getInstance('elsewhere').close();
      await taskStore.close();
      assert.notEqual(TaskStore.getInstance(), taskStore);
    });

    test('reading leaves no files in the folder', async () => {
      const taskStore = TaskStore.getInstance();
      assert.deepEqual(await taskStore.getTasks(), []);
      assert.equal(await taskStore.getTask('1'), null);
      await taskStore.close();
      assert.deepEqual(await readdir(folder), []);
    });

    test('a task is a readable file and survives a restart (F4, F67, F69–F72, F74, F75, F77, F82)', async () => {
      const first = TaskStore.getInstance();
      const { id } = await first.createTask({ description: 'Survives', tool: 'SHELL', metadata: { ticket: 7 } });
      await first.updateTask(id, { status: 'in_progress' });
      await first.addLog(id, 'halfway');
      await first.close();

      const file = await readFile(join(folder, '.systemprompt', 'state', 'tasks', `${id}.json`), 'utf8');
      assert.match(file, /^\{\n {2}"/);
      assert.deepEqual([JSON.parse(file).status, JSON.parse(file).metadata], ['in_progress', { ticket: 7 }]);

      const again = TaskStore.getInstance();
      const loaded: string[] = [];
      again.on('task:loaded', ({ task }) => loaded.push(task.id));
      const task = await again.getTask(id);
      assert.deepEqual([task?.status, task?.logs.at(-1)?.message], ['in_progress', 'halfway']);
      assert.deepEqual(loaded, [id]);
    });

    test('every event of the specification is emitted with its payload (F5, F78–F81, F83)', async () => {
      const taskStore = TaskStore.getInstance();
      const told: [string, string][] = [];
      taskStore.on('task:created', ({ task }) => told.push(['created', task.id]));
      taskStore.on('task:updated', ({ taskId, updates, task }) => {
        assert.equal(task.id, taskId);
        told.push([`updated ${'status' in updates ? updates.status : Object.keys(updates).join()}`, taskId]);
      });
      taskStore.on('task:completed', ({ task }) => told.push([`completed ${task.result}`, task.id]));
      taskStore.on('task:deleted', ({ taskId }) => told.push(['deleted', taskId]));
      taskStore.on('task:status_changed', ({ taskId, old_status, new_status }) =>
        told.push([`${old_status} → ${new_status}`, taskId]),
      );
      taskStore.on('task:progress', ({ taskId, progress }) => told.push([`${progress} %`, taskId]));
      const lines = new Promise<string>((resolve) => {
        taskStore.on('task:log:added', ({ taskId, entry }) => {
          if (entry.message === 'hello') resolve(`${taskId} ${entry.type}`);
        });
      });

      const { id } = await taskStore.createTask({ description: 'Told', tool: 'SHELL' });
      await taskStore.updateTask(id, { status: 'in_progress' });
      await taskStore.updateTask(id, { progress: 50 });
      await taskStore.addLog(id, 'hello');
      await taskStore.completeTask(id, 'fine');
      await taskStore.deleteTask(id);

      assert.equal(await lines, `${id} system`);
      assert.deepEqual(
        told.map(([what, of]) => (of === id ? what : of)),
        [
          'created',
          'updated in_progress',
          'pending → in_progress',
          'updated progress',
          '50 %',
          'updated completed',
          'in_progress → completed',
          'completed fine',
          '100 %',
          'deleted',
        ],
      );
    });

    test('a missing task is null and is not created (F59)', async () => {
      const taskStore = TaskStore.getInstance();
      assert.equal(await taskStore.getTask('task_none'), null);
      assert.equal(await taskStore.updateTask('task_none', { title: 'x' }), null);
      assert.equal(await taskStore.completeTask('task_none'), null);
      assert.equal(await taskStore.updateElapsedTime('task_none'), null);
      await assert.rejects(taskStore.addLog('task_none', 'x'), { code: 'TaskNotFound' });
      assert.equal(existsSync(join(folder, '.systemprompt')), false);
    });

    test('deleting a missing task reports it', async () => {
      assert.equal(await TaskStore.getInstance().deleteTask('task_none'), false);
    });

    test('the other methods of the original (F66)', async () => {
      const taskStore = TaskStore.getInstance();
      const { id } = await taskStore.createTask({ description: 'One', tool: 'SHELL' });
      await taskStore.addLog(id, 'hello', 'warn');
      assert.deepEqual(
        (await taskStore.getAllTasks()).map((task) => task.id),
        [id],
      );
      assert.equal((await taskStore.getTaskLogs(id)).at(-1)?.message, 'hello');
      assert.equal((await taskStore.getLogs(id, { filter: 'warn' })).entries.length, 1);
      assert.equal((await taskStore.getState()).metrics.total, 1);
      assert.equal(await taskStore.updateElapsedTime(id), 0);
      assert.equal(await taskStore.deleteTask(id), true);
      assert.deepEqual(await taskStore.getAllTasks(), []);
      assert.equal(existsSync(join(folder, '.systemprompt', 'state', 'logs', `${id}.jsonl`)), false);
    });

    test('later changes to the arguments do not change the store', async () => {
      const taskStore = TaskStore.getInstance();
      const [metadata, result, labels] = [{ list: ['a'] }, { files: ['a.js'] }, ['ui']];
      const { id } = await taskStore.createTask({ description: 'Mine', tool: 'SHELL', metadata, labels });
      await taskStore.updateTask(id, { status: 'in_progress' });
      await taskStore.completeTask(id, result);
      metadata.list.push('b');
      result.files.push('b.js');
      labels.push('slow');
      const kept = await taskStore.getTask(id);
      assert.deepEqual([kept?.metadata, kept?.result, kept?.labels], [{ list: ['a'] }, { files: ['a.js'] }, ['ui']]);
    });

    test('changes to returned objects do not change the store', async () => {
      const taskStore = TaskStore.getInstance();
      const task = await taskStore.createTask({ description: 'Mine', tool: 'SHELL', labels: ['ui'] });
      task.labels.push('hacked');
      const [listed] = await taskStore.getTasks();
      listed?.labels.push('hacked too');
      assert.deepEqual((await taskStore.getTask(task.id))?.labels, ['ui']);
    });

    test('an invalid call does not affect concurrent ones', async () => {
      const taskStore = TaskStore.getInstance();
      const { id } = await taskStore.createTask({ description: 'One', tool: 'SHELL' });
      const results = await Promise.allSettled([
        taskStore.createTask({ description: 'Two', tool: 'SHELL' }),
        taskStore.createTask({ description: 'Three', tool: 'SHELL', metadata: { big: 1n } }),
        taskStore.updateTask(id, { status: 'completed_active' }),
        taskStore.createTask({ description: 'Four', tool: 'SHELL' }),
      ]);
      assert.deepEqual(
        results.map((result) => (result.status === 'rejected' ? result.reason.code : 'kept')),
        ['kept', 'InvalidInput', 'IllegalTransition', 'kept'],
      );
      assert.ok(results.every((result) => result.status !== 'rejected' || result.reason instanceof library.TaskError));
    });
  });
}
