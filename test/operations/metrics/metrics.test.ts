import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExecutionAnalyzer } from '../../../src/library/execution-analyzer.ts';
import { taskAnalyze } from '../../../src/operations/metrics/analyze.ts';
import { taskCompare } from '../../../src/operations/metrics/compare.ts';
import { metrics } from '../../../src/operations/metrics/metrics.ts';
import { bench, taken } from '../context.ts';

describe('metrics', () => {
  it('match the calls of the specification (F180–F184)', async (t) => {
    const { store, ...context } = await bench(t);
    const made = await store.createTask({ title: 'Slow', tool: 'SHELL', project: 'Shop' });
    await taken(store, made.id);
    await store.completeTask(made.id, 'done');
    const failing = await store.createTask({ title: 'Broken', tool: 'SHELL', project: 'Shop' });
    await store.updateTask(failing.id, { status: 'in_progress' });
    await store.updateTask(failing.id, { status: 'failed', error: 'no' });
    await store.createTask({ title: 'After it', tool: 'SHELL', dependsOn: [failing.id], project: 'Shop' });
    await store.createTask({ title: 'Elsewhere', tool: 'SHELL' });

    const analyzer = new ExecutionAnalyzer({ store, ...context });
    const stats = await analyzer.analyzeTaskPerformance({ project: 'Shop', dateRange: 'last_30_days' });
    assert.deepEqual([stats.success_rate, stats.tokens_per_minute, stats.tasks], [50, null, 2]);
    assert.ok(stats.avg_duration_minutes !== null && stats.avg_duration_minutes >= 0);
    const found = await analyzer.findBottlenecks({ project: 'Shop' });
    assert.deepEqual(
      found.map(({ task_title, issue }) => [task_title, issue]),
      [['Broken', 'It failed, and another task waits for it.']],
    );
    await assert.rejects(analyzer.findBottlenecks({ project: 'Other' }), { code: 'TaskNotFound' });
    await assert.rejects(analyzer.analyzeTaskPerformance({ dateRange: 'some day' }), { code: 'InvalidInput' });
  });

  it('cover days and agents, and archived tasks on request', async (t) => {
    const { run, store } = await bench(t);
    const { id } = await store.createTask({ title: 'Old', tool: 'SHELL', project: 'Gone' });
    await store.updateTask(id, { status: 'in_progress' });
    await store.completeTask(id);
    const before = await run(metrics, {});
    assert.deepEqual([before.by_agent[0]?.agent, before.by_day.length, before.performance.tasks], ['SHELL', 1, 1]);
    await store.archive.add([id]);
    assert.equal((await run(metrics, {})).performance.tasks, 0);
    assert.equal((await run(metrics, { project: 'Gone', archived: true })).performance.tasks, 1);
    assert.deepEqual((await run(metrics, { archived: true })).performance, before.performance);
  });
});

describe('metrics by group', () => {
  it('cover projects, labels and the status by day', async (t) => {
    const { run, store } = await bench(t);
    for (const labels of [['api', 'ui'], ['api']]) {
      const { id } = await store.createTask({ title: 'Done', tool: 'SHELL', project: 'Shop', labels });
      await store.updateTask(id, { status: 'in_progress' });
      await store.completeTask(id);
    }
    const { id } = await store.createTask({ title: 'Loose', tool: 'SHELL' });
    await store.updateTask(id, { status: 'in_progress' });
    await store.completeTask(id);
    await store.createTask({ title: 'Open', tool: 'SHELL' });
    const found = await run(metrics, {});
    assert.deepEqual(
      found.by_project.map(({ project, tasks }) => [project, tasks]),
      [
        ['Shop', 2],
        [null, 1],
      ],
    );
    assert.deepEqual(
      found.by_label.map(({ label, tasks }) => [label, tasks]),
      [
        ['api', 2],
        ['ui', 1],
      ],
    );
    assert.equal(found.throughput_per_day, 3);
    assert.deepEqual(found.status_by_day.at(-1)?.by_status, found.by_status);
  });
});

describe('a task', () => {
  it('is analyzed with its tools and bottlenecks (F178)', async (t) => {
    const { run, store } = await bench(t);
    const { id } = await store.createTask({ title: 'Looked at', tool: 'SHELL' });
    await store.addLog(id, 'ran', 'info', { toolName: 'bash', duration: 12 });
    await store.addLog(id, 'broke', 'error', { toolName: 'bash', error: 'no' });
    const analysis = await run(taskAnalyze, { task: id });
    assert.equal(analysis.errors, 1);
    assert.deepEqual(analysis.tools, [{ tool: 'bash', calls: 2, failed: 1, duration_ms: 12 }]);
    assert.deepEqual(analysis.issues, []);
  });

  it('is compared with the tasks of a filter (F179)', async (t) => {
    const { run, refused, store } = await bench(t);
    for (const title of ['One', 'Two']) await store.createTask({ title, tool: 'SHELL', labels: ['backend'] });
    await store.createTask({ title: 'Three', tool: 'SHELL' });
    const { tasks, total, unit } = await run(taskCompare, { filter: 'label:backend', metric: 'elapsed', limit: 1 });
    assert.deepEqual([tasks.length, total, unit], [1, 2, 'minutes']);
    await refused(taskCompare, { filter: 'colour:red' }, 'InvalidInput');
  });
});
