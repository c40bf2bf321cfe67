import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { standing } from '../../../src/core/task/standing.ts';
import { taskRow } from '../../../src/vscode/present/task-row.ts';
import { at, executionOf, newTask, taskId, taskWith } from '../../core/fixtures.ts';
import { worldWith } from '../../core/task/worlds.ts';

const now = Date.parse(at(3 * 60_000));
const contextOf = (task: TaskRecord) => ({ now, standing: standing(task, worldWith()) });

/** With open dependencies of these numbers. */
function row(fields: Partial<TaskRecord>, numbers: number[] = []): string {
  const others = numbers.map((number) => taskWith({ id: taskId(`task_${number}`), number }));
  const task = taskWith({ ...fields, depends_on: others.map(({ id }) => id) });
  const { description, icon } = taskRow(task, { now, standing: standing(task, worldWith(others)) });
  return `${icon.id}: ${description}`;
}

const rowOf = (task: TaskRecord) => taskRow(task, contextOf(task));
const gate = { required: true } as const;
const asking = [
  { id: 'a1', number: 1, kind: 'gate' as const, title: 'Start it', status: 'pending' as const, requested_at: at(0) },
];

test('a row shows that its task waits for budget reserved by another part', () => {
  const queued = taskWith({ queued_at: at(0) });
  const other = taskWith({ number: 7 });
  assert.equal(
    taskRow(queued, { now, standing: standing(queued, worldWith([], { reservedBy: () => other })) }).description,
    'SHELL · waiting for budget reserved by #7',
  );
});

test('a row shows the standing of its task', () => {
  const rows = {
    pending: row({}),
    gated: row({ approval: gate }),
    queued: row({ queued_at: at(0) }),
    blocked: row({ queued_at: at(0) }, [3, 4]),
    'blocked by many': row({}, [1, 2, 3, 4]),
    urgent: row({ priority: 'critical' }),
    running: row({ status: 'in_progress', active_since: at(0) }),
    progress: row({ status: 'in_progress', active_since: at(60_000), progress: 41.6 }),
    asking: row({ status: 'paused', pause_reason: 'approval', approvals: asking }),
    interrupted: row({ status: 'paused', pause_reason: 'interrupted' }),
    budget: row({ status: 'paused', pause_reason: 'budget' }),
    open: row({ status: 'completed_active', updated_at: at(60_000) }),
    'follow-up': row({ status: 'completed_active', follow_ups: [{ id: 'f', prompt: 'go on', at: at(0) }] }),
    completed: row({ status: 'completed', completed_at: at(0) }),
    failed: row({ status: 'failed', error: 'The script ended with exit code 3.\nSee the log.' }),
    cancelled: row({ status: 'cancelled', completed_at: at(170_000) }),
    model: row({ tool: 'CLAUDECODE', assignee: 'opus' }),
  };
  assert.deepEqual(rows, {
    pending: 'circle-large-outline: SHELL · 3 min ago',
    gated: 'shield: SHELL · asks before start',
    queued: 'watch: SHELL · queued',
    blocked: 'lock: SHELL · waiting for #3, #4',
    'blocked by many': 'lock: SHELL · waiting for #1, #2, #3 …',
    urgent: 'circle-large-outline: critical · SHELL · 3 min ago',
    running: 'sync~spin: SHELL · 3 min',
    progress: 'sync~spin: SHELL · 42 % · 2 min',
    asking: 'bell-dot: needs approval · SHELL',
    interrupted: 'debug-disconnect: SHELL · interrupted',
    budget: 'debug-pause: SHELL · waiting to be resumed',
    open: 'comment-discussion: SHELL · 2 min ago',
    'follow-up': 'comment-discussion: SHELL · follow-up queued',
    completed: 'pass: SHELL · 3 min ago',
    failed: 'error: The script ended with exit code 3. See the log. · SHELL',
    cancelled: 'circle-slash: SHELL · just now',
    model: 'circle-large-outline: CLAUDECODE (opus) · 3 min ago',
  });
});

test('the row of an open session shows when it completes', () => {
  const lease = { worker: 'w', host: 'h', pid: 1, started: '1', expires_at: at(300_000) };
  const opened = [{ from: 'in_progress' as const, to: 'completed_active' as const, at: at(0), reason: 'turn' }];
  const task = taskWith({ status: 'completed_active', history: opened, lease });
  const rowWith = (sessionIdleMs: number) =>
    taskRow(task, { now, standing: standing(task, worldWith([], { sessionIdleMs })) }).description;
  assert.equal(rowWith(600_000), 'SHELL · completes in 7 min');
  assert.equal(rowWith(60_000), 'SHELL · completes in a moment');
});

test('a screen reader gets the state in words', () => {
  const task = taskWith({ number: 12, status: 'in_progress', active_since: at(0), progress: 40 });
  assert.equal(
    taskRow(task, contextOf(task)).spoken,
    'Task 12, Fix the login test, In Progress, agent SHELL, 40 %, 3 min',
  );
  assert.match(row({ status: 'in_progress', active_since: at(150_000) }), /· < 1 min$/);
  const failed = taskWith({ status: 'failed', error: 'no such file' });
  assert.equal(
    taskRow(failed, contextOf(failed)).spoken,
    'Task 1, Fix the login test, Failed, agent SHELL, no such file',
  );
});

test('text of an agent cannot imitate other parts of a row', () => {
  const task = taskWith({
    title: 'a\u001b[31mred\u202etxt\nb',
    status: 'failed',
    error: `\u001b]0;title\u0007${'x'.repeat(500)}`,
  });
  const { label, description } = taskRow(task, contextOf(task));
  assert.equal(label, '#1 aredtxt b');
  assert.match(description, /^x{79}… · SHELL$/);
});

test('open requests are part of the row, so that a new one updates it', () => {
  assert.deepEqual(rowOf(taskWith({ approvals: asking })).asks, ['a1']);
  assert.deepEqual(rowOf(newTask()).asks, []);
});

test('the context value of a row lists the possible actions', () => {
  const offers = (fields: Partial<TaskRecord>): string => rowOf(taskWith(fields)).contextValue;
  const executions = [executionOf('e1')];
  const lease = { worker: 'w', host: 'h', pid: 1, started: '1', expires_at: at(0) };
  assert.deepEqual(
    {
      pending: offers({}),
      queued: offers({ queued_at: at(0) }),
      group: offers({ kind: 'group' }),
      race: offers({ kind: 'group', race: {}, status: 'paused', pause_reason: 'person' }),
      'failed race': offers({ kind: 'group', race: {}, status: 'failed' }),
      'picked race': offers({ kind: 'group', race: { picked: 'x' }, status: 'in_progress' }),
      'decided race': offers({ kind: 'group', race: { picked: 'x' }, status: 'completed' }),
      running: offers({ status: 'in_progress', executions }),
      asking: offers({ status: 'paused', pause_reason: 'approval', approvals: asking }),
      interrupted: offers({ status: 'paused', pause_reason: 'interrupted', executions }),
      open: offers({ status: 'completed_active', executions, lease }),
      'session gone': offers({ status: 'completed_active', executions }),
      completed: offers({ status: 'completed', executions }),
      failed: offers({ status: 'failed', executions }),
      cancelled: offers({ status: 'cancelled', executions }),
    },
    {
      pending: 'task startable completable cancellable splittable',
      queued: 'task completable cancellable splittable inlineCancel',
      group: 'task cancellable inlineCancel',
      race: 'task cancellable comparable inlinePick inlineCancel',
      'failed race': 'task cancellable archivable comparable inlinePick inlineCancel',
      'picked race': 'task cancellable pausable comparable inlineLog inlinePause',
      'decided race': 'task archivable comparable inlineLog',
      running: 'task cancellable pausable keepable inlineLog inlinePause',
      asking: 'task completable cancellable splittable inlineLog inlineCancel',
      interrupted: 'task startable completable cancellable keepable inlineLog',
      open: 'task followable completable cancellable keepable inlineFollowUp inlineComplete',
      'session gone': 'task followable completable cancellable keepable inlineFollowUp inlineComplete',
      completed: 'task restartable archivable keepable inlineRestart inlineLog',
      failed: 'task completable cancellable restartable archivable keepable inlineRestart inlineLog',
      cancelled: 'task restartable archivable keepable inlineRestart inlineLog',
    },
  );
});

test('actions for a result are offered while it exists, instead of a restart', () => {
  const executions = [executionOf('e1')];
  const lease = { worker: 'w', host: 'h', pid: 1, started: '1', expires_at: at(0) };
  const workspace = {
    kind: 'worktree' as const,
    path: '.systemprompt/worktrees/1-a',
    branch: 'systemprompt/1-a',
    base_head: 'a'.repeat(40),
    base_commit: 'a'.repeat(40),
  };
  const offers = (fields: Partial<TaskRecord>): string[] =>
    rowOf(taskWith({ executions, workspace, ...fields }))
      .contextValue.split(' ')
      .filter((flag) => /review|merge|discard|worktree|inlineRe/i.test(flag));
  const open = ['reviewable', 'hasWorktree'];
  assert.deepEqual(offers({ status: 'in_progress', lease }), open);
  assert.deepEqual(offers({ status: 'completed_active', lease }), [...open, 'mergeable']);
  assert.deepEqual(offers({ status: 'completed' }), [...open, 'mergeable', 'discardable', 'inlineReview']);
  assert.deepEqual(offers({ status: 'completed', workspace: { ...workspace, merged_at: at(0) } }), [
    'reviewable',
    'inlineRestart',
  ]);
  assert.deepEqual(offers({ status: 'pending', executions: [] }), []);
  const said = (fields: Partial<TaskRecord>): string =>
    rowOf(taskWith({ executions, workspace, status: 'completed', ...fields })).description;
  assert.match(said({}), /^SHELL · changes to review · /);
  assert.doesNotMatch(said({ lease }), /review/, 'whether there are any is seen when its run has ended');
  assert.doesNotMatch(said({ workspace: { ...workspace, merged_at: at(0) } }), /review/);
});
