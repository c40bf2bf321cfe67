import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AgentMatcher,
  ExecutionAnalyzer,
  ResourceConstraints,
  TaskError,
  TaskManager,
  TaskPriority,
  TaskStatus,
} from '../../src/index.ts';
import { addTask } from '../../src/store/task-changes.ts';
import { bench } from '../operations/context.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('the task manager of the specification', () => {
  it('takes steps, data of the caller and the decider of requests', async (context) => {
    const tm = new TaskManager(await bench(context));
    const workflow = [
      { agent: 'OPENCODE', phase: 'build' },
      { agent: 'SHELL', phase: 'test', instructions: 'npm test' },
    ];
    const task = await tm.createTask({ title: 'A', approvals: 'none', metadata: { ticket: 'T-1' }, workflow });
    assert.deepEqual(
      [task.tool, task.workflow, task.metadata, task.constraints],
      ['OPENCODE', workflow, { ticket: 'T-1' }, { approvals: 'none' }],
    );
    await assert.rejects(tm.createTask({ title: 'A', tool: 'SHELL', workflow }), /workflow begins with OPENCODE/);
    await assert.rejects(tm.createTask({ title: 'A', checkpointMinutes: 5 } as never), { code: 'InvalidInput' });
  });

  it('creates projects with tasks and lists them (F154–F156, F158–F161)', async (context) => {
    const host = await bench(context);
    const tm = new TaskManager(host);
    const project = await tm.createProject('Blog API', { description: 'A REST API for a blog platform' });
    assert.equal((await tm.getTask(project.id))?.description, 'A REST API for a blog platform');

    const phase = await tm.createTask({ projectId: project.id, title: 'Foundation', description: 'What comes first' });
    const part = await tm.createTask({
      projectId: project.id,
      parentTaskId: phase.id,
      title: 'User authentication',
      description: 'And authorization',
      resourceConstraints: new ResourceConstraints({
        maxTokens: 5000,
        maxDurationMinutes: 30,
        allowedTools: ['file_operations:read'],
      }),
      priority: TaskPriority.CRITICAL,
    });
    await tm.createTask({ title: 'Elsewhere', priority: 'low' });

    assert.deepEqual([phase.parent_id, part.parent_id], [project.id, phase.id]);
    assert.deepEqual([part.project, part.priority], ['Blog API', 'critical']);
    assert.deepEqual(part.constraints, {
      max_tokens: 5000,
      max_duration_minutes: 30,
      allowed_tools: ['file_operations:read'],
    });
    const titles = async (query: Parameters<typeof tm.listTasks>[0]): Promise<string[]> =>
      (await tm.listTasks(query)).map(({ title }) => title);
    assert.deepEqual(await titles({ status: TaskStatus.PENDING, sortBy: 'priority,created_at', order: 'desc' }), [
      'User authentication',
      'Foundation',
      'Elsewhere',
    ]);
    assert.deepEqual(await titles({ projectId: project.id, status: TaskStatus.IN_PROGRESS }), []);
    assert.deepEqual(await titles({ projectId: project.number, sortBy: 'number' }), [
      'Foundation',
      'User authentication',
    ]);
    assert.equal(await tm.getTask('task_none'), null);

    const analyzer = new ExecutionAnalyzer(host);
    const byId = await analyzer.analyzeTaskPerformance({ projectId: project.id, dateRange: 'last_30_days' });
    assert.deepEqual(byId, await analyzer.analyzeTaskPerformance({ project: project.name, dateRange: 'last_30_days' }));
    await assert.rejects(analyzer.findBottlenecks({ projectId: part.id }), { message: '#3 is not a project.' });
    assert.deepEqual(await analyzer.findBottlenecks({ projectId: project.id }), []);
  });

  it('starts tasks and changes their limits (F157, F226)', async (context) => {
    const host = await bench(context);
    const tm = new TaskManager(host);
    const { id } = await tm.createTask({
      title: 'Do it',
      resourceConstraints: { maxTokens: 1001, allowedTools: ['web_search'] },
    });
    await host.store.updateTask(id, { tool: 'SHELL', instructions: 'true' });
    const raised = await tm.updateTaskConstraints(id, { maxTokens: 1001 * 1.5 });
    assert.deepEqual(raised.constraints, { max_tokens: 1502, allowed_tools: ['web_search'] });
    assert.ok((await tm.startTask(id)).queued_at);
    assert.equal(host.ensured(), 1);
  });

  it('assesses tasks, and finds the best agent for one (F163, F165, F222)', async (context) => {
    const on = await bench(context);
    const tm = new TaskManager(on);
    const task = await tm.createTask({ title: 'Fix the login test' });
    assert.equal(task.getTaskType(), 'bugfix');
    assert.equal(task.estimatedComplexity, task.getComplexityScore());
    assert.ok(task.estimatedComplexity > 0 && task.estimatedComplexity < 0.5);
    assert.deepEqual(JSON.parse(JSON.stringify(task)).title, 'Fix the login test');
    assert.ok(!Object.keys(task).includes('getTaskType'));
    const matcher = new AgentMatcher(on);
    const agent = await matcher.findBestAgent({
      taskType: task.getTaskType(),
      requiredTools: task.constraints.allowed_tools,
      complexity: task.getComplexityScore(),
    });
    const { matches } = await matcher.rankAgents({ taskType: 'bugfix' });
    assert.equal(matches[0]?.agent, agent);
    await assert.rejects(matcher.findBestAgent({ complexity: 2 }), /complexity/);
  });

  it('lists more tasks than fit on a page, each once', async (context) => {
    const host = await bench(context);
    await host.store.transact('test', (draft) => {
      for (let number = 1; number <= 1_001; number += 1) addTask(draft, { title: `T${number}`, tool: 'SHELL' });
    });
    const listed = await new TaskManager(host).listTasks({ sortBy: 'number' });
    assert.equal(new Set(listed.map(({ id }) => id)).size, 1_001);
    assert.equal(listed.length, 1_001);
  });

  it('validates limits with errors in the vocabulary of the library (F154)', async (context) => {
    const tm = new TaskManager(await bench(context));
    const refused = (make: () => unknown, message: RegExp): void =>
      assert.throws(make, { code: 'InvalidInput', message });
    refused(() => new ResourceConstraints({ maxTokens: -1 }), /^maxTokens: must be more than 0$/);
    refused(() => new ResourceConstraints({ max_tokens: 1 } as never), /Did you mean "maxTokens"\?$/);
    refused(() => new ResourceConstraints({ allowedTools: ['x y'] }), /^allowedTools\.0: not a kind of tool/);
    for (const [params, message] of [
      [{ title: 'x', resourceConstraints: { maxTokns: 5 } }, /^resourceConstraints: .*"maxTokens"\?$/],
      [{ title: 'x', resourceConstraints: { maxTokens: 'x' } }, /^resourceConstraints\.maxTokens: must be a number$/],
      [{ title: 'x', checkpointMinutes: 5 }, /^Unknown key "checkpointMinutes"\. Known: .*resourceConstraints/],
      [{ titel: 'x' }, /^Unknown key "titel"|^title: is missing$/],
    ] as const) {
      await assert.rejects(tm.createTask(params as never), { code: 'InvalidInput', message });
    }
    await assert.rejects(tm.listTasks({ stauts: 'pending' } as never), { message: /Did you mean "status"\?$/ });
    const { id } = await tm.createTask({ title: 'x' });
    await assert.rejects(tm.updateTaskConstraints(id, { maxTokens: 0 }), { message: /^maxTokens: / });
    await assert.rejects(tm.getTask(undefined as never), { code: 'InvalidInput' });
  });

  it('opens the folder of the current directory by default (F156, F160, F180)', async (context) => {
    const before = process.cwd();
    context.after(() => process.chdir(before));
    process.chdir(tempFolder(context));
    const tm = new TaskManager();
    const task = await tm.createTask({ title: 'Here' });
    assert.deepEqual(
      (await new TaskManager({ folder: '.' }).listTasks({ status: TaskStatus.PENDING })).map(({ id }) => id),
      [task.id],
    );
    assert.equal((await new ExecutionAnalyzer().analyzeTaskPerformance()).tasks, 0);
    await tm.close();
    assert.equal((await tm.getTask(task.id))?.title, 'Here', 'it opens the folder again');
    await tm.close();
  });

  it('rejects a duplicate project name and an invalid project', async (context) => {
    const tm = new TaskManager(await bench(context));
    await tm.createProject('Shop');
    const { id } = await tm.createTask({ title: 'A task' });
    await assert.rejects(tm.createProject(' Shop '), (error) => TaskError.is(error, 'InvalidInput'));
    await assert.rejects(tm.listTasks({ projectId: id }), { message: '#2 is not a project.' });
    await assert.rejects(tm.createTask({ title: 'x', projectId: 99 }), { code: 'TaskNotFound' });
  });
});
