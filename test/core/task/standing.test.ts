import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { remarksOf } from '../../../src/cli/views/remarks.ts';
import { waitingWords } from '../../../src/cli/views/waiting.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { standing, type World } from '../../../src/core/task/standing.ts';
import { waitingOf } from '../../../src/operations/queue/waiting.ts';
import { noticedRequests, noticeText } from '../../../src/vscode/present/notice-text.ts';
import { taskRow } from '../../../src/vscode/present/task-row.ts';
import { taskTooltip } from '../../../src/vscode/present/task-tooltip.ts';
import { at, leaseOf, taskId, taskWith } from '../fixtures.ts';
import { worldWith } from './worlds.ts';

const queued = { queued_at: at(0) };
const other = taskWith({ id: taskId('task_other'), number: 7, title: 'Other' });
const failed = taskWith({ ...other, status: 'failed' });
const whole = taskWith({ id: taskId('task_whole'), number: 5, kind: 'group', depends_on: [other.id] });
const request = (kind: 'gate' | 'tool' | 'feedback') => ({
  approvals: [{ id: 'a1', number: 1, kind, title: 'Run it', status: 'pending' as const, requested_at: at(0) }],
});

const lease = leaseOf('w1');

interface Situation {
  readonly task: Partial<TaskRecord>;
  readonly tasks?: readonly TaskRecord[];
  readonly world?: Partial<World>;
  /** The derived kind, which decides whether a worker may claim. */
  readonly kind: string;
  /** `task list`, `task show`, `task watch`. */
  readonly list: string;
  /** `queue status`; undefined if it does not list the task as waiting. */
  readonly queue?: string;
  /** Icon and words of the row. */
  readonly row: string;
  /** The notification of the editor; undefined if there is none. */
  readonly notice?: string;
}

/** Every situation with the words of every face. */
const situations: Readonly<Record<string, Situation>> = {
  draft: { task: {}, kind: 'draft', list: '', row: 'circle-large-outline: SHELL · just now' },
  'draft with a gate': {
    task: { approval: { required: true } },
    kind: 'draft',
    list: 'needs approval to start',
    row: 'shield: SHELL · asks before start',
  },
  'from outside': {
    task: { from_outside: true },
    kind: 'waiting',
    list: 'waits for confirmation (from outside): task confirm 1',
    queue: 'for confirmation (from outside): task confirm 1',
    row: 'shield: SHELL · from outside, waiting for confirmation',
  },
  'from outside, whatever its record says': {
    task: { ...queued, from_outside: true, status: 'paused', pause_reason: 'budget', ...request('gate') },
    world: { playing: true },
    kind: 'waiting',
    list: 'stopped at a limit · waits for confirmation (from outside): task confirm 1',
    queue: 'for confirmation (from outside): task confirm 1',
    row: 'shield: SHELL · from outside, waiting for confirmation',
  },
  started: { task: queued, kind: 'ready', list: 'queued', row: 'watch: SHELL · queued' },
  'queue plays': {
    task: { instructions: 'true' },
    world: { playing: true },
    kind: 'ready',
    list: '',
    row: 'circle-large-outline: SHELL · just now',
  },
  'no script': {
    task: {},
    world: { playing: true },
    kind: 'waiting',
    list: 'waits for its script',
    queue: 'for its script',
    row: 'watch: SHELL · waiting for its script',
  },
  dependency: {
    task: { ...queued, depends_on: [other.id] },
    tasks: [other],
    kind: 'waiting',
    list: 'waits for #7',
    queue: 'for #7',
    row: 'lock: SHELL · waiting for #7',
  },
  'failed dependency': {
    task: { ...queued, depends_on: [other.id] },
    tasks: [failed],
    kind: 'waiting',
    list: 'blocked by #7 (failed)',
    queue: 'for #7',
    row: 'lock: SHELL · blocked by #7 (Failed)',
  },
  'deleted dependency': {
    task: { ...queued, depends_on: [other.id] },
    kind: 'waiting',
    list: 'blocked by task_other (deleted)',
    queue: 'for a deleted task',
    row: 'lock: SHELL · blocked by a deleted task',
  },
  'deleted dependency with a known name': {
    task: {
      ...queued,
      depends_on: [other.id],
      deleted_dependencies: { [other.id]: { number: 7, title: 'Ot\u001b[2Jher' } },
    },
    kind: 'waiting',
    list: 'blocked by #7 "Other" (deleted)',
    queue: 'for #7 "Other" (deleted)',
    row: 'lock: SHELL · blocked by #7 "Other" (deleted)',
  },
  'dependency of its parent': {
    task: { ...queued, parent_id: whole.id },
    tasks: [other, whole],
    kind: 'waiting',
    list: 'waits for #7, through #5',
    queue: 'for #7, through #5',
    row: 'lock: SHELL · waiting for #7, through #5',
  },
  'agent not installed': {
    task: queued,
    world: { canRun: () => false },
    kind: 'waiting',
    list: 'waits for its agent to be installed',
    queue: 'for its agent to be installed',
    row: 'watch: SHELL · waiting for its agent to be installed',
  },
  'without a window for its model': {
    task: { ...queued, tool: 'VSCODE_LM' },
    world: { canRun: () => false },
    kind: 'waiting',
    list: 'waits for an editor window of this folder that offers its models',
    queue: 'for an editor window of this folder that offers its models',
    row: 'watch: VSCODE_LM · waiting for a window that offers the models of the editor',
  },
  'cost limit that cannot be counted': {
    task: queued,
    world: { isUncounted: () => true },
    kind: 'waiting',
    list: 'waits for your decision: its agent reports no cost, so no cost limit stops it (task start 1 --uncounted)',
    queue: 'for your decision: its agent reports no cost, so no cost limit stops it (task start 1 --uncounted)',
    row: 'watch: SHELL · no cost reported: start it to decide',
  },
  'own limit': {
    task: { status: 'paused', pause_reason: 'budget' },
    world: { limitOwner: (task) => task },
    kind: 'waiting',
    list: 'stopped at a limit · waits for its limit to be raised',
    queue: 'for its limit to be raised',
    row: 'debug-pause: SHELL · limit reached',
  },
  'limit of the day': {
    task: queued,
    world: { isDayOver: () => true },
    kind: 'waiting',
    list: 'waits for tomorrow, or a higher budget.perDay',
    queue: 'for tomorrow, or a higher budget.perDay',
    row: 'watch: SHELL · daily limit reached',
  },
  'limit raised': {
    task: { status: 'paused', pause_reason: 'budget' },
    kind: 'waiting',
    list: 'stopped at a limit · waits for a person to resume it',
    queue: 'for a person to resume it',
    row: 'debug-pause: SHELL · waiting to be resumed',
  },
  'agent is busy': {
    task: queued,
    world: { isFull: () => true },
    kind: 'waiting',
    list: 'waits for another task of its agent to end',
    queue: 'for another task of its agent to end',
    row: 'watch: SHELL · waiting for another task of its agent',
  },
  'reserved budget': {
    task: queued,
    world: { reservedBy: () => other },
    kind: 'waiting',
    list: 'waits for budget reserved by #7',
    queue: 'for budget reserved by #7',
    row: 'watch: SHELL · waiting for budget reserved by #7',
  },
  delay: {
    task: { ...queued, not_before: at(5_000) },
    kind: 'waiting',
    list: 'waits a moment, then resumes automatically',
    queue: 'a moment, then resumes automatically',
    row: 'watch: SHELL · resumes in a moment',
  },
  'all slots in use': {
    task: queued,
    world: { slotsInUse: () => 2 },
    kind: 'waiting',
    list: 'waits for a free slot (2 of 2 in use)',
    queue: 'for a free slot (2 of 2 in use)',
    row: 'watch: SHELL · waiting for a free slot (2 of 2 in use)',
  },
  'all slots in use while the queue plays': {
    task: { instructions: 'true' },
    world: { slotsInUse: () => 1, playing: true },
    kind: 'waiting',
    list: 'waits for a free slot (1 of 1 in use)',
    queue: 'for a free slot (1 of 1 in use)',
    row: 'watch: SHELL · waiting for a free slot (1 of 1 in use)',
  },
  'all slots in use, and a delay': {
    task: { ...queued, not_before: at(5_000) },
    world: { slotsInUse: () => 2 },
    kind: 'waiting',
    list: 'waits a moment, then resumes automatically',
    queue: 'a moment, then resumes automatically',
    row: 'watch: SHELL · resumes in a moment',
  },
  'gate asks': {
    task: { status: 'paused', pause_reason: 'approval', ...request('gate') },
    kind: 'asking',
    list: 'asks: Run it',
    queue: 'for a person to decide',
    row: 'bell-dot: needs approval · SHELL',
    notice: '#1 Fix the login test asks: Run it',
  },
  'tool asks': {
    task: { status: 'in_progress', ...request('tool') },
    kind: 'asking',
    list: 'asks: Run it',
    queue: 'for a person to decide',
    row: 'bell-dot: needs approval · SHELL',
    notice: '#1 Fix the login test asks: Run it',
  },
  question: {
    task: { status: 'paused', pause_reason: 'approval', ...request('feedback') },
    kind: 'asking',
    list: 'has a question: Run it',
    queue: 'for an answer to its question',
    row: 'bell-dot: has a question · SHELL',
    notice: '#1 Fix the login test has a question: Run it',
  },
  running: {
    task: { status: 'in_progress', active_since: at(0) },
    kind: 'running',
    list: '',
    row: 'sync~spin: SHELL · < 1 min',
  },
  'running, without activity': {
    task: { status: 'in_progress', active_since: at(0), quiet_since: at(-7 * 60_000) },
    kind: 'running',
    list: 'no activity for 7m',
    row: 'sync-ignored: no activity for 7 min · < 1 min · SHELL',
  },
  'running, its program is silent': {
    task: { status: 'in_progress', active_since: at(-7 * 60_000), updated_at: at(-8 * 60_000) },
    world: { lastLogAt: () => Date.parse(at(-7 * 60_000)) },
    kind: 'running',
    list: 'stale: no activity for 7m, recover it: doctor --fix',
    row: 'sync-ignored: stale: no activity for 7 min · 7 min · SHELL',
  },
  'running, its program only logs': {
    task: { status: 'in_progress', active_since: at(0), updated_at: at(-8 * 60_000) },
    world: { lastLogAt: () => Date.parse(at(-59_000)) },
    kind: 'running',
    list: '',
    row: 'sync~spin: SHELL · < 1 min',
  },
  'its worker is gone': {
    task: { status: 'in_progress', active_since: at(0), lease, quiet_since: at(-7 * 60_000) },
    world: { isAbandoned: () => true },
    kind: 'waiting',
    list: 'waits for a worker: the process that ran it is gone',
    queue: 'for a worker: the process that ran it is gone',
    row: 'debug-disconnect: SHELL · waiting for a worker: the process that ran it is gone',
  },
  'its worker is gone, and it asks': {
    task: { status: 'in_progress', lease, ...request('tool') },
    world: { isAbandoned: () => true },
    kind: 'asking',
    list: 'asks: Run it',
    queue: 'for a person to decide',
    row: 'bell-dot: needs approval · SHELL',
    notice: '#1 Fix the login test asks: Run it',
  },
  paused: {
    task: { status: 'paused', pause_reason: 'person' },
    kind: 'paused',
    list: 'by a person',
    row: 'debug-pause: SHELL · paused',
  },
  interrupted: {
    task: { status: 'paused', pause_reason: 'interrupted' },
    kind: 'paused',
    list: 'interrupted',
    row: 'debug-disconnect: SHELL · interrupted',
  },
  open: { task: { status: 'completed_active' }, kind: 'open', list: '', row: 'comment-discussion: SHELL · just now' },
  done: { task: { status: 'completed' }, kind: 'done', list: '', row: 'pass: SHELL · just now' },
  failed: {
    task: { status: 'failed', error: 'It broke.' },
    kind: 'failed',
    list: 'It broke.',
    row: 'error: It broke. · SHELL',
  },
  cancelled: { task: { status: 'cancelled' }, kind: 'cancelled', list: '', row: 'circle-slash: SHELL · just now' },
};

describe('the standing of a task', () => {
  for (const [name, { task: fields, tasks = [], world, kind, list, queue, row, notice }] of Object.entries(
    situations,
  )) {
    test(`for ${name} is the same in every face`, () => {
      const task = taskWith({ number: 1, ...fields });
      const now = Date.parse(at(0));
      const situation = standing(task, { ...worldWith([task, ...tasks], { now }), ...world });
      assert.equal(situation.kind, kind);
      assert.equal(remarksOf(task, situation, now).join(' · '), list);
      const waiting = waitingOf(situation);
      assert.equal(waiting && waitingWords(waiting, task.number), queue);
      const context = { now, standing: situation };
      const { icon, description, spoken } = taskRow(task, context);
      assert.equal(`${icon.id}: ${description}`, row);
      const [request] = noticedRequests(situation);
      assert.equal(request && noticeText(task, request, '/folder'), notice);
      const reason = situation.kind === 'waiting' ? (row.split(' · ').at(-1) ?? '') : '';
      assert.ok(spoken.includes(reason), spoken);
      assert.ok(taskTooltip(task, context).replaceAll('\\', '').includes(reason));
    });
  }

  test('ignores parts that wait for a part of the same group', () => {
    const first = taskWith({ id: taskId('task_first'), number: 8, parent_id: whole.id, ...queued });
    const outside = taskWith({ ...other, depends_on: [first.id] });
    assert.equal(standing(first, worldWith([first, outside, whole])).kind, 'ready');
  });

  test('terminates for a cycle of parents', () => {
    const one = taskWith({ id: taskId('task_one'), parent_id: taskId('task_two'), ...queued });
    const two = taskWith({ id: taskId('task_two'), parent_id: one.id });
    assert.equal(standing(one, worldWith([one, two])).kind, 'ready');
  });
});
