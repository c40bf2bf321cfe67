import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskUpdate } from '../../../src/operations/task/update.ts';
import { bench, taken } from '../context.ts';

describe('task.update', () => {
  it('changes the given fields and keeps the rest (F210, F211, F226)', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, { title: 'A', description: 'long words', budgetTokens: 5, budgetMinutes: 9, label: ['x'] });
    const task = await run(taskUpdate, {
      task: 'A',
      title: 'Better',
      priority: 'critical',
      budgetTokens: 20_000,
      allowedTools: ['web_search'],
      label: ['y', 'z'],
      tool: 'shell',
    });
    assert.deepEqual(
      [task.title, task.description, task.priority, task.labels, task.tool],
      ['Better', 'long words', 'critical', ['y', 'z'], 'SHELL'],
    );
    assert.deepEqual(task.constraints, { max_tokens: 20_000, max_duration_minutes: 9, allowed_tools: ['web_search'] });
  });

  it('removes values with null', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, { title: 'P' });
    await run(taskCreate, {
      title: 'A',
      instructions: 'do',
      project: 'Web',
      parentTask: 'P',
      dependsOn: ['P'],
      assignedTo: 'gpt-4',
      label: ['x'],
      budgetCost: 1,
      approver: 'ada',
    });
    const task = await run(taskUpdate, {
      task: 'A',
      instructions: null,
      project: null,
      parentTask: null,
      dependsOn: null,
      assignedTo: null,
      label: null,
      budgetCost: null,
      approver: null,
      requiresApproval: false,
    });
    const { instructions, project, parent_id, depends_on, assignee, labels, constraints, approval } = task;
    assert.deepEqual(
      { instructions, project, parent_id, depends_on, assignee, labels, constraints, approval },
      {
        instructions: undefined,
        project: undefined,
        parent_id: undefined,
        depends_on: [],
        assignee: undefined,
        labels: [],
        constraints: {},
        approval: { required: false },
      },
    );
  });

  it('refuses a dependency on itself and cycles of dependencies or parts', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await run(taskCreate, { title: 'B', dependsOn: ['A'], parentTask: 'A' });
    await run(taskCreate, { title: 'C', dependsOn: ['B'], parentTask: 'B' });
    await refused(taskUpdate, { task: 'A', dependsOn: ['A'] }, 'DependencyCycle');
    const error = await refused(taskUpdate, { task: 'A', dependsOn: ['C'] }, 'DependencyCycle');
    assert.match(error.message, /A → C → B → A/);
    await refused(taskUpdate, { task: 'A', parentTask: 'A' }, 'DependencyCycle');
    const below = await refused(taskUpdate, { task: 'A', parentTask: 'C' }, 'DependencyCycle');
    assert.match(below.message, /"A" cannot be a part of "C", which is one of its own parts/);
    await run(taskCreate, { title: 'G', group: true });
    await run(taskCreate, { title: 'P', parentTask: 'G' });
    const part = await refused(taskUpdate, { task: 'G', dependsOn: ['P'] }, 'DependencyCycle');
    assert.match(part.message, /The group "G" cannot depend on its own part "P"/);
    const whole = await refused(taskUpdate, { task: 'P', dependsOn: ['G'] }, 'DependencyCycle');
    assert.match(whole.message, /"P" cannot depend on the group "G" that it is a part of/);
    assert.deepEqual(store.view.byNumber(1)?.depends_on, []);
  });

  it('refuses a change of a field that was changed in the meantime', async (context) => {
    const { run, refused } = await bench(context);
    const { revision } = await run(taskCreate, { title: 'A' });
    await run(taskUpdate, { task: 'A', priority: 'low', ifRevision: revision });
    await refused(taskUpdate, { task: 'A', priority: 'high', ifRevision: revision }, 'RevisionConflict');
  });

  it('refuses to change the agent of a running task', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, 'A');
    await refused(taskUpdate, { task: 'A', tool: 'OPENCODE' }, 'TaskRunning');
    await run(taskUpdate, { task: 'A', tool: 'SHELL', budgetTokens: 10 });
  });

  it('rejects an empty change and invalid values', async (context) => {
    const { run, refused } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await refused(taskUpdate, { task: 'A' }, 'InvalidInput');
    await refused(taskUpdate, { task: 'A', title: '  ' }, 'InvalidInput');
    await refused(taskUpdate, { task: 'A', title: 'x'.repeat(300) }, 'TooLarge');
    await refused(taskUpdate, { task: 'A', tool: 'NOBODY' }, 'AgentNotFound');
  });
});
