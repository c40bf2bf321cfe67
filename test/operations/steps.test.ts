import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { operations } from '../../src/operations/all.ts';
import { bench } from './context.ts';

/** Aborts at the given report of progress, from 1. */
function abortAt(report: number): { signal: AbortSignal; progress: () => void } {
  const controller = new AbortController();
  let reports = 0;
  return {
    signal: controller.signal,
    progress: () => {
      reports += 1;
      if (reports === report) controller.abort();
    },
  };
}

describe('an operation with several steps', () => {
  it('reports the finished repairs and freed space when the caller stops it', async (context) => {
    const tasks = await bench(context);
    const fixed: string[] = [];
    const finding = (code: string) => ({ code, what: code, advice: code, fix: async () => void fixed.push(code) });
    const garbage = (what: string) => ({ kind: 'leftover' as const, what, bytes: 10, free: async () => 10 });
    const store = Object.create(tasks.store, {
      maintenance: {
        value: {
          check: async () => [finding('one'), finding('two')],
          garbage: async () => [garbage('one'), garbage('two'), garbage('three')],
        },
      },
    });
    const doctor = await operations.doctor.run({ ...tasks, store }, { fix: true }, abortAt(1));
    assert.deepEqual(fixed, ['one']);
    assert.deepEqual([doctor.healthy, doctor.findings.length, doctor.stopped], [false, 1, { done: 1, total: 2 }]);
    const gc = await operations.gc.run({ ...tasks, store }, { yes: true }, abortAt(2));
    assert.deepEqual([gc.bytes, gc.items.length, gc.stopped], [20, 2, { done: 2, total: 3 }]);
  });

  it('creates all tasks of a plan or none', async (context) => {
    const tasks = await bench(context);
    const plan = { items: [{ key: 'a', kind: 'work' as const, title: 'A' }] };
    await assert.rejects(operations['plan.apply'].run(tasks, { plan }, abortAt(1)), { name: 'AbortError' });
    assert.equal(tasks.store.view.size, 0);
    const messages: string[] = [];
    await operations['plan.apply'].run(tasks, { plan }, { progress: ({ message }) => void messages.push(message) });
    assert.deepEqual(messages, ['Checking 1 task', 'Creating 1 task']);
  });

  it('deletes no task if the caller stops it while their work is saved', async (context) => {
    const tasks = await bench(context);
    const [one, two] = [await tasks.store.createTask({ title: 'One' }), await tasks.store.createTask({ title: 'Two' })];
    const input = { tasks: [one.id, two.id] };
    await assert.rejects(operations['task.delete'].run(tasks, input, abortAt(1)), { name: 'AbortError' });
    assert.equal(tasks.store.view.size, 2);
  });
});

describe('the context of an operation', () => {
  it('contains only the parts that the operation names', async (context) => {
    const { store, trusted } = await bench(context);
    const graph = await operations['task.graph'].run({ store, trusted }, {});
    assert.equal(graph.tasks, 0);
    // @ts-expect-error a start needs agents, settings and a worker
    await assert.rejects(operations['task.start'].run({ store, trusted }, { tasks: ['1'] }));
  });

  it('never includes unused parts', () => {
    const folder = join(import.meta.dirname, '../../src/operations');
    const whole = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.includes('/') && file.endsWith('.ts') && !file.startsWith('library/'))
      .filter((file) => /\bOperationContext\b/.test(readFileSync(join(folder, file), 'utf8')));
    assert.deepEqual(whole, []);
  });
});
