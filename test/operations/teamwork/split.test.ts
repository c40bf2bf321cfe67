import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { pendingApprovals } from '../../../src/core/task/approval.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskStart } from '../../../src/operations/task/start.ts';
import { taskSplit } from '../../../src/operations/teamwork/split.ts';
import { until } from '../../support/temp-folder.ts';
import { bench } from '../context.ts';

describe('task.split', () => {
  it('keeps the rules of the task in its parts', async (context: TestContext) => {
    const tasks = await bench(context);
    const { id } = await tasks.store.createTask({
      title: 'Whole',
      review: 'required',
      collaborationMode: 'supervised',
      isolation: 'none',
      onComplete: 'review',
      checkpointMinutes: 5,
      approver: 'Ada',
    });
    const { tasks: made } = await tasks.run(taskSplit, { task: id, numSubtasks: 2 });
    assert.equal(made.length, 2);
    for (const { id: part = '' } of made) {
      const { review, collaboration_mode, isolation, on_complete, checkpoint_minutes, approval } =
        tasks.store.resolve(part);
      assert.deepEqual(
        { review, collaboration_mode, isolation, on_complete, checkpoint_minutes, approval },
        {
          review: 'required',
          collaboration_mode: 'supervised',
          isolation: 'none',
          on_complete: 'review',
          checkpoint_minutes: 5,
          approval: { required: true, approver: 'Ada' },
        },
      );
    }
  });

  it('keeps the model of the task in parts for the same agent', async (context: TestContext) => {
    const tasks = await bench(context);
    const models = async (agent?: string): Promise<unknown[]> => {
      const { id } = await tasks.store.createTask({ title: 'Whole', tool: 'OPENCODE', assignee: 'big' });
      const { tasks: made } = await tasks.run(taskSplit, { task: id, numSubtasks: 2, agent });
      return made.map(({ id: part = '' }) => tasks.store.resolve(part).assignee);
    };
    assert.deepEqual(await models(), ['big', 'big']);
    assert.deepEqual(await models('SHELL'), [undefined, undefined]);
  });

  it('uses the parts that an agent proposes in a subtask, and asks it once', async (context: TestContext) => {
    const tasks = await bench(context);
    const { id } = await tasks.store.createTask({ title: 'Whole', tool: 'OPENCODE', constraints: { max_tokens: 100 } });
    const preview = tasks.run(taskSplit, { task: id, plannedBy: 'OPENCODE', dryRun: true });
    const planner = (): TaskRecord | undefined => [...tasks.store.view.children(id)][0];
    await until('the agent is asked', () => planner()?.queued_at !== undefined);
    const parts = [{ title: 'One' }, { title: 'Two', after: [1] }];
    await tasks.store.transact('test.end', (draft) => {
      const message = `Here.\n\n\`\`\`json\n${JSON.stringify({ parts })}\n\`\`\``;
      for (const part of [...draft.children(id)])
        draft.patch(part.id, { status: 'completed', queued_at: undefined, result: { message } });
    });
    assert.deepEqual(
      (await preview).tasks.map(({ title }) => title),
      ['One', 'Two'],
    );
    assert.deepEqual([tasks.store.resolve(id).kind, planner()?.parent_id], ['work', id]);
    const { tasks: made } = await tasks.run(taskSplit, { task: id, plannedBy: 'OPENCODE' });
    assert.deepEqual(
      made.map(({ id: part = '' }) => tasks.store.resolve(part).constraints.max_tokens),
      [50, 50],
    );
    assert.equal([...tasks.store.view.children(id)].length, 3, 'one proposal and two parts');
  });

  it('splits nothing by a proposal in another form', async (context: TestContext) => {
    const tasks = await bench(context);
    const { id } = await tasks.store.createTask({ title: 'Whole', tool: 'OPENCODE' });
    await tasks.refused(taskSplit, { task: id, plannedBy: 'SHELL' }, 'InvalidInput');
    const refused = tasks.refused(taskSplit, { task: id, plannedBy: 'OPENCODE' }, 'InvalidInput');
    await until('the agent is asked', () => [...tasks.store.view.children(id)].length === 1);
    await tasks.store.transact('test.end', (draft) => {
      for (const part of [...draft.children(id)])
        draft.patch(part.id, { status: 'completed', queued_at: undefined, result: { message: 'Do it yourself.' } });
    });
    assert.match((await refused).message, /proposed no parts in the required form\. Nothing was split\./);
    assert.equal(tasks.store.resolve(id).kind, 'work');
  });

  it('withdraws the request to start the task', async (context: TestContext) => {
    const tasks = await bench(context);
    const { id } = await tasks.store.createTask({ title: 'Whole', tool: 'OPENCODE', requiresApproval: true });
    await tasks.run(taskStart, { tasks: [id] });
    assert.equal(pendingApprovals(tasks.store.resolve(id)).length, 1);
    await tasks.run(taskSplit, { task: id });
    const { status, pause_reason: pauseReason, approvals } = tasks.store.resolve(id);
    assert.deepEqual([status, pauseReason, approvals[0]?.status], ['pending', undefined, 'expired']);
  });
});
