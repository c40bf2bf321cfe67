import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function open(context: TestContext, folder = tempFolder(context)): Promise<TaskStore> {
  const store = await TaskStore.open({ folder, watch: false });
  context.after(() => store.close());
  return store;
}

describe('records', () => {
  it('are refused over the size limit for reading, for any content', async (context) => {
    const folder = tempFolder(context);
    const store = await open(context, folder);
    const wide = { long: '字'.repeat(999_000) };
    const escaped = '\u0001'.repeat(999_000);
    await assert.rejects(
      store.createTask({
        title: 'huge',
        description: escaped,
        instructions: escaped,
        metadata: wide,
        acceptanceCriteria: Array(100).fill(escaped.slice(0, 2_000)),
        labels: Array.from({ length: 50 }, (_, at) => `${at}${escaped.slice(0, 90)}`),
      }),
      { code: 'TooLarge' },
    );
    const kept = await store.createTask({ title: 'large', description: escaped });
    await assert.rejects(
      store.updateTask(kept.id, { instructions: escaped, metadata: wide, result: wide, error: escaped }),
      {
        code: 'TooLarge',
      },
    );
    await store.close();
    const again = await open(context, folder);
    assert.deepEqual(again.problems, []);
    assert.equal((await again.getTask(kept.id))?.description, escaped);
  });

  it('are copies: changes of a caller do not affect the store', async (context) => {
    const store = await open(context);
    const task = await store.createTask({ title: 'a', labels: ['x'], metadata: { deep: { n: 1 } } });
    task.labels.push('y');
    Object.assign(task.metadata['deep'] as object, { n: 2 });
    const [listed] = await store.getTasks();
    listed?.labels.push('z');
    const read = await store.getTask(task.id);
    assert.deepEqual([read?.labels, read?.metadata], [['x'], { deep: { n: 1 } }]);
  });

  it('of a missing task cannot be deleted, and the result reports it', async (context) => {
    const store = await open(context);
    assert.equal(await store.deleteTask('task_none'), false);
  });

  it('deleted concurrently by another process are reported as missing, not as an error', async (context) => {
    const store = await open(context);
    const { id } = await store.createTask({ title: 'once' });
    const answers = await Promise.all([
      store.deleteTask(id),
      store.deleteTask(id),
      store.updateTask(id, { title: 'too late' }),
    ]);
    const [first, second, updated] = answers;
    assert.deepEqual([first, second], [true, false]);
    // The update may come before the deletion, and answers with its own change then.
    assert.ok(updated === null || updated.title === 'too late');
    assert.equal(await store.getTask(id), null);
  });

  it('notify their dependents when they fail or are cancelled (G8)', async (context) => {
    const store = await open(context);
    const base = await store.createTask({ title: 'base' });
    const next = await store.createTask({ title: 'next', dependsOn: [base.id] });
    await store.updateTask(base.id, { status: 'cancelled' });
    await store.addLog(next.id, 'after');
    const messages = (await store.getTaskLogs(next.id)).map((entry) => entry.message);
    assert.ok(messages.includes('It depends on #1 "base", which was cancelled.'), messages.join('\n'));
  });
});

describe('metadata of log entries (F52, F54)', () => {
  it('keeps exceptions with stack and cause, and converts values without a JSON form to text', async (context) => {
    const store = await open(context);
    const task = await store.createTask({ title: 'a' });
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    await store.addLog(task.id, 'boom', 'error', { error: new Error('outer', { cause: new TypeError('inner') }) });
    await store.addLog(task.id, 'odd', 'info', { size: 10n, toolInput: circle, fileName: 'a.ts' });
    const [boom, odd] = (await store.getTaskLogs(task.id)).slice(-2);
    const error = boom?.metadata?.error as { message: string; stack: string; cause: { message: string } };
    assert.equal(error.message, 'outer');
    assert.match(error.stack, /records\.test/);
    assert.equal(error.cause.message, 'inner');
    assert.equal(odd?.metadata?.['size'], '10');
    assert.equal(odd?.metadata?.fileName, 'a.ts');
    assert.equal(typeof odd?.metadata?.toolInput, 'string');
  });
});
