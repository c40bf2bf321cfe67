import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { bench } from '../context.ts';

describe('task.create', () => {
  it('creates a pending task with the defaults of the specification (F57, F132)', async (context) => {
    const { run } = await bench(context);
    const task = await run(taskCreate, { title: 'Fix the login test' });
    assert.match(task.id, /^task_/);
    assert.deepEqual(
      [task.number, task.status, task.tool, task.priority, task.description],
      [1, 'pending', 'CLAUDECODE', 'medium', 'Fix the login test'],
    );
    assert.equal(task.queued_at, undefined);
  });

  it('stores every field that it accepts (F131–F149)', async (context) => {
    const { run } = await bench(context);
    const first = await run(taskCreate, { title: 'Set up database' });
    const task = await run(taskCreate, {
      title: 'Create user models',
      description: 'With migrations.',
      instructions: 'Use the existing helpers.',
      assignedTo: 'opencode',
      priority: 'high',
      project: 'Web Application',
      label: ['backend', 'db'],
      parentTask: first.number,
      dependsOn: ['Set up database', 1],
      acceptance: ['All tests pass.'],
      review: 'required',
      requiresApproval: true,
      approver: 'team-lead',
      budgetTokens: 15_000,
      budgetMinutes: 120,
      budgetCost: 2.5,
      maxIterations: 15,
      allowedTools: ['file_operations:read', 'web_search', 'code_execution(npm test)', 'mcp:github'],
    });
    assert.deepEqual(task.constraints, {
      max_tokens: 15_000,
      max_duration_minutes: 120,
      max_cost_usd: 2.5,
      max_iterations: 15,
      allowed_tools: ['file_operations:read', 'web_search', 'code_execution(npm test)', 'mcp:github'],
    });
    const { tool, assignee, priority, project, labels, parent_id, depends_on, approval, review } = task;
    assert.deepEqual(
      { tool, assignee, priority, project, labels, parent_id, depends_on, approval, review },
      {
        tool: 'OPENCODE',
        assignee: undefined,
        priority: 'high',
        project: 'Web Application',
        labels: ['backend', 'db'],
        parent_id: first.id,
        depends_on: [first.id],
        approval: { required: true, approver: 'team-lead' },
        review: 'required',
      },
    );
    assert.deepEqual(task.acceptance_criteria, ['All tests pass.']);
  });

  it('treats an unknown word as a model, and a misspelled agent as an error (F146)', async (context) => {
    const { run, refused } = await bench(context);
    const task = await run(taskCreate, { title: 'Optimise queries', assignedTo: 'gpt-4', tool: 'OPENCODE' });
    assert.deepEqual([task.tool, task.assignee], ['OPENCODE', 'gpt-4']);
    assert.equal((await run(taskCreate, { title: 'Write', assignedTo: 'claude-3-opus-20240229' })).tool, 'CLAUDECODE');
    await refused(taskCreate, { title: 'x', assignedTo: 'OPENCOD' }, 'AgentNotFound');
    await refused(taskCreate, { title: 'x', tool: 'nobody' }, 'AgentNotFound');
    await refused(taskCreate, { title: 'x', tool: 'SHELL', assignedTo: 'OPENCODE' }, 'InvalidInput');
  });

  it('queues with start in the same change and requests a worker', async (context) => {
    const { run, ensured } = await bench(context);
    const task = await run(taskCreate, { title: 'Now', tool: 'SHELL', instructions: 'true', start: true });
    assert.equal(task.status, 'pending');
    assert.ok(task.queued_at);
    assert.equal(task.revision, 1);
    assert.equal(ensured(), 1);
  });

  it('waits at the gate when it is started and needs approval (F204)', async (context) => {
    const { run } = await bench(context);
    const task = await run(taskCreate, {
      title: 'Deploy',
      tool: 'SHELL',
      instructions: 'true',
      requiresApproval: true,
      start: true,
    });
    assert.deepEqual([task.status, task.pause_reason], ['paused', 'approval']);
    assert.equal(task.approvals[0]?.status, 'pending');
  });

  it('refuses to start a script task without a script', async (context) => {
    const { run, refused, store } = await bench(context);
    await refused(taskCreate, { title: 'Now', tool: 'SHELL', instructions: ' ', start: true }, 'InvalidInput');
    assert.equal(store.view.size, 0);
    await run(taskCreate, { title: 'Later', tool: 'SHELL' });
  });

  it('creates nothing if it cannot be started', async (context) => {
    const { refused, store, ensured } = await bench(context);
    const error = await refused(taskCreate, { title: 'Now', start: true }, 'AgentUnavailable');
    assert.match(
      JSON.stringify(error.next),
      /npm install -g claude.*Or use an agent that is installed: OPENCODE, SHELL/,
    );
    assert.deepEqual(error.details?.available, ['OPENCODE', 'SHELL']);
    assert.equal(store.view.size, 0);
    assert.equal(ensured(), 0);
  });

  it('starts nothing in a restricted folder, where creating is allowed', async (context) => {
    const { run, refused, store } = await bench(context, { trusted: false });
    await refused(taskCreate, { title: 'Now', tool: 'SHELL', instructions: 'true', start: true }, 'Untrusted');
    assert.equal(store.view.size, 0);
    await run(taskCreate, { title: 'Later', tool: 'SHELL' });
  });

  it('rejects invalid input and creates nothing', async (context) => {
    const { refused, store } = await bench(context);
    await refused(taskCreate, { title: ' \n ' }, 'InvalidInput');
    await refused(taskCreate, {}, 'InvalidInput');
    await refused(taskCreate, { title: 'x'.repeat(201) }, 'TooLarge');
    await refused(taskCreate, { title: 'x', description: 'y'.repeat(10_000_000) }, 'TooLarge');
    await refused(taskCreate, { title: 'x', budgetTokens: 0 }, 'InvalidInput');
    await refused(taskCreate, { title: 'x', budgetTokens: 1.5 }, 'InvalidInput');
    await refused(taskCreate, { title: 'x', dependsOn: ['nothing of the kind'] }, 'TaskNotFound');
    await refused(taskCreate, { title: 'x', parentTask: 99 }, 'TaskNotFound');
    const unknown = { title: 'x', colour: 'red' };
    await refused(taskCreate, unknown, 'InvalidInput');
    assert.equal(store.view.size, 0);
  });

  it('rejects unknown tools and lists the known ones (F138)', async (context) => {
    const { refused } = await bench(context);
    for (const tool of ['everything', 'file_operations:append', 'mcp:', 'web_search(x)']) {
      const error = await refused(taskCreate, { title: 'x', allowedTools: [tool] }, 'InvalidInput');
      assert.match(error.message, /file_operations:read/);
    }
  });

  it('lists the candidates of an ambiguous title', async (context) => {
    const { run, refused } = await bench(context);
    await run(taskCreate, { title: 'Same' });
    await run(taskCreate, { title: 'Same' });
    const error = await refused(taskCreate, { title: 'x', dependsOn: ['Same'] }, 'AmbiguousTask');
    assert.match(JSON.stringify(error.next), /#1 Same; #2 Same/);
  });
});
