import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { queueView } from '../../../src/cli/views/queue.ts';
import { remarksOf } from '../../../src/cli/views/remarks.ts';
import { requestApproval } from '../../../src/core/task/request.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskAnswer } from '../../../src/operations/approval/answer.ts';
import { queuePlay } from '../../../src/operations/queue/play.ts';
import { standings } from '../../../src/operations/queue/standings.ts';
import { queueStatus } from '../../../src/operations/queue/status.ts';
import { taskFollowUp } from '../../../src/operations/task/follow-up.ts';
import { taskList } from '../../../src/operations/task/list.ts';
import { taskResume } from '../../../src/operations/task/resume.ts';
import { taskShow } from '../../../src/operations/task/show.ts';
import { taskUpdate } from '../../../src/operations/task/update.ts';
import { type Bench, bench, taken, turnEnded } from '../context.ts';

const script = { tool: 'SHELL', instructions: 'true' };

async function started(on: Bench, title: string, more: object = {}): Promise<TaskRecord> {
  const { id } = await on.store.createTask({ title, ...script, ...more });
  return on.store.transact('test', (draft) => draft.patch(id, { queued_at: draft.at }));
}

/** A task that is at work, and has spent so many tokens. */
async function spending(on: Bench, title: string, tokens: number, more: object = {}): Promise<TaskRecord> {
  const task = await taken(on.store, (await started(on, title, more)).id);
  return on.store.transact('test', (draft) => {
    const executions = task.executions.map((run) => ({ ...run, usage: { total_tokens: tokens } }));
    return draft.patch(task.id, { usage: { total_tokens: tokens }, executions });
  });
}

/** As a limit leaves it. */
async function stopped(on: Bench, task: TaskRecord): Promise<TaskRecord> {
  return on.store.transact('test', (draft) =>
    draft.patch(task.id, { status: 'paused', pause_reason: 'budget', lease: undefined, queued_at: undefined }),
  );
}

async function queueText(on: Bench): Promise<string> {
  return queueView(await on.run(queueStatus, {}), { style: (_, text) => text, now: () => Date.now() });
}

async function shown(on: Bench, task: TaskRecord): Promise<unknown> {
  const one = await on.run(taskShow, { task: task.id });
  const { tasks } = await on.run(taskList, {});
  assert.deepEqual(tasks.find(({ id }) => id === task.id)?.waiting, one.waiting, 'the list says the same');
  return one.waiting;
}

describe('the blockers of a task', () => {
  it('include budget reserved by another part of the group', async (context) => {
    const on = await bench(context);
    const whole = await on.store.createTask({ title: 'all', kind: 'group', constraints: { max_tokens: 100 } });
    const part = { parentId: whole.id, constraints: { max_tokens: 60 } };
    const first = await spending(on, 'first', 10, part);
    const second = await started(on, 'second', part);
    assert.deepEqual(await shown(on, second), { for: 'budget', on: [first.number] });
    assert.equal(await shown(on, first), undefined, 'it runs');
    const told = await on.run(taskShow, { task: second.id });
    assert.deepEqual(remarksOf(told, (await standings(on))(told), Date.now()), ['waits for budget reserved by #2']);
    assert.match(await queueText(on), /#3 second {2}for budget reserved by #2/);
    await stopped(on, first);
    assert.equal(await shown(on, second), undefined, 'given back');
  });

  it('include an exhausted limit of the task or a group until it is raised, and then a follow-up', async (context) => {
    const on = await bench(context);
    const whole = await on.store.createTask({ title: 'all', kind: 'group', constraints: { max_tokens: 100 } });
    const own = await stopped(on, await spending(on, 'own', 50, { constraints: { max_tokens: 50 } }));
    const part = await stopped(on, await spending(on, 'part', 100, { parentId: whole.id }));
    assert.deepEqual(await shown(on, own), { for: 'limit', on: [own.number] });
    assert.deepEqual(await shown(on, part), { for: 'limit', on: [whole.number] });
    const text = await queueText(on);
    assert.match(text, /nothing runs: every queued task is waiting/);
    assert.match(text, /#2 own {2}for its limit to be raised\n {2}#3 part {2}for the limit of #1 to be raised/);
    await on.run(taskUpdate, { task: own.id, budgetTokens: 500 });
    assert.deepEqual(await shown(on, own), { for: 'resume', on: [] });
    assert.match(await queueText(on), /#2 own {2}for a person to resume it/);
    await on.run(taskResume, { tasks: [own.id] });
    assert.equal(await shown(on, own), undefined);
  });

  it('include the limit of the day', async (context) => {
    const on = await bench(context, { settings: { budget: { perDay: { tokens: 50 } } } });
    await stopped(on, await spending(on, 'spent', 50));
    const next = await started(on, 'next');
    assert.deepEqual(await shown(on, next), { for: 'day_limit', on: [] });
    const text = await queueText(on);
    assert.match(text, /today: 50 of 50 tokens \(100 %\)/);
    assert.match(text, /#2 next {2}for tomorrow, or a higher budget\.perDay/);
    const error = await on.refused(taskResume, { tasks: ['1'] }, 'TokenLimitExceeded');
    assert.match(
      JSON.stringify(error.next),
      /Raise budget\.perDay in \.systemprompt\/config\.json, or wait until tomorrow\..*task\.resume/,
    );
  });

  it('is a worker, after its process ended', async (context) => {
    const on = await bench(context);
    const { id } = await taken(on.store, (await started(on, 'interrupted')).id);
    assert.equal(await shown(on, on.store.resolve(id)), undefined, 'it runs');
    const task = await on.store.transact('test', (draft) => {
      const { lease } = draft.require(id);
      return draft.patch(id, { lease: lease && { ...lease, expires_at: draft.at } });
    });
    assert.deepEqual(await shown(on, task), { for: 'recovery', on: [] });
  });

  it('include the time of an automatic resume', async (context) => {
    const on = await bench(context);
    const { id } = await started(on, 'crashed');
    const soon = new Date(Date.now() + 20_000).toISOString();
    const task = await on.store.transact('test', (draft) => draft.patch(id, { not_before: soon }));
    assert.deepEqual(await shown(on, task), { for: 'delay', on: [] });
  });
});

describe('the reason why no task runs', () => {
  it('is reported by the queue', async (context) => {
    const on = await bench(context, { settings: { worker: { maxParallel: 1 } } });
    assert.equal((await on.run(queueStatus, {})).idle, 'paused');
    await on.run(queuePlay, {});
    assert.equal((await on.run(queueStatus, {})).idle, 'empty');
    const first = await started(on, 'first');
    assert.equal((await on.run(queueStatus, {})).idle, 'no_worker');
    assert.match(await queueText(on), /nothing runs: no worker is alive; "systemprompt worker" is one/);
    await taken(on.store, first.id);
    const second = await started(on, 'second');
    assert.deepEqual(await shown(on, second), { for: 'parallel_limit', on: [], slots: 1 });
    const { idle, at_work, max_parallel, ready, next, next_total } = await on.run(queueStatus, {});
    assert.deepEqual([idle, at_work, max_parallel, ready, next_total], [null, 1, 1, 0, 1]);
    assert.deepEqual(
      next.map(({ number }) => number),
      [second.number],
    );
    assert.doesNotMatch(await queueText(on), /waiting/);
    assert.match(await queueText(on), /running: #1\n1 of 1 at once: the next one starts when one ends/);
  });
});

describe('an answer for a task at an exhausted limit', () => {
  it('is refused, and the question stays open', async (context) => {
    const on = await bench(context);
    const task = await spending(on, 'asking', 50, { constraints: { max_tokens: 50 } });
    await on.store.transact('test', (draft) =>
      draft.patch(
        task.id,
        requestApproval(task, { kind: 'feedback', title: 'Which?', executionId: 'e1' }, draft.at).patch,
      ),
    );
    const { message, next } = await on.refused(taskAnswer, { task: task.id, answer: 'that' }, 'TokenLimitExceeded');
    assert.match(message, /was reached: 50 of 50 tokens/);
    assert.match(JSON.stringify(next), /"task":1.*"budgetTokens".*Then answer again\. The question stays open\./);
    assert.equal(on.store.resolve(task.id).approvals[0]?.status, 'pending');
    await on.run(taskUpdate, { task: task.id, budgetTokens: 500 });
    const answered = await on.run(taskAnswer, { task: task.id, answer: 'that' });
    assert.equal(answered.approvals[0]?.notes, 'that');
  });

  it('is accepted after the limit of the day is raised, in a window that stayed open', async (context) => {
    let tokens = 50;
    const perDay = () => ({ budget: { perDay: { tokens } } });
    const on = await bench(context, { settings: perDay(), reads: perDay });
    await spending(on, 'talk', 50);
    await turnEnded(on.store, '1');
    await on.refused(taskFollowUp, { task: '1', prompt: 'more' }, 'TokenLimitExceeded');
    tokens = 500;
    await on.run(taskFollowUp, { task: '1', prompt: 'more' });
    assert.match(await queueText(on), /today: 50 of 500 tokens/);
  });

  it('is refused at the limit of the day too', async (context) => {
    const on = await bench(context, { settings: { budget: { perDay: { tokens: 50 } } } });
    await spending(on, 'talk', 50);
    await turnEnded(on.store, '1');
    const { message, next } = await on.refused(taskFollowUp, { task: '1', prompt: 'more' }, 'TokenLimitExceeded');
    assert.match(message, /daily limit of this folder was reached/);
    assert.match(JSON.stringify(next), /wait until tomorrow\..*Then send the follow-up again\./);
  });
});

describe('a running task', () => {
  it('is shown as quiet in the status of the queue', async (context) => {
    const on = await bench(context);
    const task = await spending(on, 'first', 10);
    const since = new Date(Date.now() - 7 * 60_000).toISOString();
    assert.deepEqual((await on.run(queueStatus, {})).quiet, []);
    await on.store.transact('test', (draft) => draft.patch(task.id, { quiet_since: since }));
    assert.deepEqual((await on.run(queueStatus, {})).quiet, [{ number: task.number, since }]);
    assert.match(await queueText(on), /running: #1\n {2}#1: no activity for 7m/);
  });
});
