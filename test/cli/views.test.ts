import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { z } from 'zod';
import type { Output } from '../../src/cli/terminal/output.ts';
import { coloured, plain, type Style } from '../../src/cli/terminal/style.ts';
import { agentsView } from '../../src/cli/views/agents.ts';
import { changedView, decidedView, startedView } from '../../src/cli/views/changed.ts';
import { followPrinter } from '../../src/cli/views/follow.ts';
import { logLine } from '../../src/cli/views/log.ts';
import { statusView } from '../../src/cli/views/status.ts';
import { taskView } from '../../src/cli/views/task.ts';
import { listView } from '../../src/cli/views/task-list.ts';
import type { Approval } from '../../src/core/task/approval.ts';
import type { TaskLogEntry } from '../../src/core/task/log-entry.ts';
import type { Task, TaskRecord } from '../../src/core/task/schema.ts';
import type { status } from '../../src/operations/store/status.ts';
import { at, executionOf, finder, leaseOf, taskId, taskWith } from '../core/fixtures.ts';
import { standingAmong } from '../core/task/worlds.ts';
import { golden } from './golden.ts';

process.env.TZ = 'UTC';

const now = Date.parse(at(0)) + 3_600_000;

function look(style: Style = plain, columns = Number.POSITIVE_INFINITY): Output & { readonly text: () => string } {
  const lines: string[] = [];
  const line = (text: string): void => void lines.push(text);
  const json = (value: unknown): void => void lines.push(JSON.stringify(value));
  return {
    print: line,
    redraw: line,
    note: line,
    progress: () => {},
    json,
    jsonLine: json,
    style,
    noteStyle: style,
    columns,
    now: () => now,
    text: () => lines.join('\n'),
  };
}

function full(fields: Partial<TaskRecord>, logs: TaskLogEntry[] = []): Task {
  return { ...taskWith(fields), duration: fields.active_ms ?? 0, log_count: logs.length, logs };
}

function approval(number: number, fields: Partial<Approval> = {}): Approval {
  return {
    id: `a${number}`,
    number,
    kind: 'tool',
    title: 'Run "npm test"',
    status: 'pending',
    requested_at: at(0),
    ...fields,
  };
}

const entry = (fields: Partial<TaskLogEntry>): TaskLogEntry => ({
  timestamp: at(60_000),
  level: 'info',
  type: 'system',
  message: 'Started with SHELL',
  ...fields,
});

const database = full({
  id: taskId('task_a'),
  number: 1,
  title: 'Set up database',
  status: 'completed',
  tool: 'OPENCODE',
});
const models = full({
  id: taskId('task_b'),
  number: 2,
  title: 'Create user models',
  priority: 'high',
  depends_on: [taskId('task_a'), taskId('task_d'), taskId('task_gone')],
  labels: ['backend', 'db'],
  queued_at: at(0),
});
const deploy = full({
  id: taskId('task_c'),
  number: 13,
  title: 'Deploy 部署 🚀 to \u001b[31mproduction\u001b[0m',
  status: 'paused',
  pause_reason: 'approval',
  priority: 'critical',
  approval: { required: true, approver: 'team-lead' },
  approvals: [approval(1, { kind: 'gate', title: 'Start "Deploy" (team-lead decides)' }), approval(2)],
});
const running = full({
  id: taskId('task_d'),
  number: 4,
  title: 'Refactor',
  status: 'in_progress',
  progress: 41.6,
  active_ms: 200_000,
});
const failed = full({
  id: taskId('task_e'),
  number: 5,
  title: 'Fix',
  status: 'failed',
  error: 'The script ended with exit code 3.\nSee its log.',
  created_at: at(-3 * 86_400_000),
});
const gated = full({ id: taskId('task_f'), number: 6, title: 'Later', approval: { required: true } });
const open = full({
  id: taskId('task_g'),
  number: 7,
  title: 'Open session',
  status: 'completed_active',
  tool: 'CLAUDECODE',
});
const stopped = full({
  id: taskId('task_h'),
  number: 8,
  title: 'Stopped',
  status: 'paused',
  pause_reason: 'interrupted',
});
const dropped = full({ id: taskId('task_i'), number: 9, title: 'Dropped', status: 'cancelled', priority: 'low' });
const all = [deploy, dropped, stopped, open, gated, failed, running, models, database];
const standingOf = standingAmong(all);
const view = { byId: finder(all), standingOf, size: all.length };

const alone = (task: Task) => ({ find: view.byId, children: () => [], standing: standingOf(task) });

describe('text output', () => {
  it('of a list', () => {
    const page = { tasks: all, total: all.length, next: null };
    golden('list', listView(page, { out: look(), values: {} }, view));
    golden('list-narrow', listView({ ...page, total: 230, next: 2 }, { out: look(plain, 72), values: {} }, view));
    golden('list-colour', listView(page, { out: look(coloured), values: {} }, view));
    const nothing = { tasks: [], total: 0, next: null };
    golden('list-empty', listView(nothing, { out: look(), values: {} }, { ...view, size: 0 }));
    golden('list-no-match', listView(nothing, { out: look(), values: {} }, view));
    golden('list-no-page', listView({ ...nothing, total: 9 }, { out: look(), values: {} }, view));
  });

  it('of a task', () => {
    const logs = Array.from({ length: 12 }, (_, index) => entry({ message: `line ${index}`, type: 'output' }));
    const rich = full(
      {
        ...models,
        kind: 'work',
        description: 'Two lines\nof words.\n',
        instructions: 'Use \u001b[2Jmigrations.',
        project: 'Web Application',
        parent_id: taskId('task_d'),
        assignee: 'gpt-4',
        assigned_to: 'session-1',
        review: 'required',
        approval: { required: true, approver: 'team-lead' },
        acceptance_criteria: ['All tests pass.'],
        constraints: {
          max_tokens: 15_000,
          max_duration_minutes: 120,
          max_cost_usd: 2.5,
          max_iterations: 15,
          allowed_tools: ['web_search'],
        },
        usage: { total_tokens: 12_345, cost_usd: 0.42, iterations: 1 },
        result: { files: ['a.ts'] },
        active_ms: 4_000_000,
        executions: [
          {
            ...executionOf('e1'),
            ended_at: at(90_000),
            outcome: 'failed',
            exit_code: 3,
            error_code: 'ExitCodeNonZero',
          },
          executionOf('e2'),
        ],
        history: [{ from: 'pending', to: 'in_progress', at: at(0), reason: 'started with SHELL' }],
      },
      logs,
    );
    const around = { find: view.byId, children: () => [gated], standing: standingOf(rich) };
    golden('task', taskView(rich, around, look(), { history: true }));
    golden('task-plain', taskView(dropped, alone(dropped), look()));
    golden('task-failed', taskView(failed, alone(failed), look()));
  });

  it('of a request of a task', () => {
    const asking = full({
      ...deploy,
      approvals: [
        approval(1, { title: 'Run npm publish', detail: { command: 'npm publish \u001b[8m--force' } }),
        approval(2, {
          title: 'Write a.ts',
          detail: {
            diffs: [{ path: 'src/a.ts', oldText: 'const a = 1;\n', newText: 'const a = 2;\nconst b = 3;\n' }],
            files: ['src/a.ts'],
          },
        }),
        approval(3, {
          title: 'Read many',
          detail: { files: Array.from({ length: 60 }, (_, index) => `file-${index}`) },
        }),
      ],
    });
    golden('task-asks', taskView(asking, alone(asking), look()));
  });

  it('of a log', () => {
    const lines = [
      entry({}),
      entry({ level: 'debug', message: 'Started bash (process 12).' }),
      entry({ type: 'agent', message: 'I will fix it.\nFirst the test.\n' }),
      entry({
        type: 'tool',
        message: 'Read src/auth.ts',
        metadata: { toolName: 'read', fileName: 'src/auth.ts', lineNumber: 12, duration: 1_234 },
      }),
      entry({ type: 'output', prefix: 'stderr', message: '\u001b[31mred\u001b[0m and \u0007bell' }),
      entry({ level: 'warn', message: 'Slow.' }),
      entry({ level: 'error', timestamp: at(-86_400_000), message: 'Broke yesterday.' }),
      entry({ timestamp: 'never', message: 'No time.' }),
    ];
    golden('log', lines.map((line) => logLine(line, plain, now)).join('\n'));
    golden('log-colour', lines.map((line) => logLine(line, coloured, now)).join('\n'));
  });

  it('of a supervised task shows its mode without the approvals that it overrides', () => {
    const approvals = 'none' as const;
    const lax = { ...running, tool: 'OPENCODE', constraints: { ...running.constraints, approvals } };
    assert.match(taskView(lax, alone(lax), look()), /no person is asked/);
    const strict = { ...lax, collaboration_mode: 'supervised' as const };
    assert.doesNotMatch(taskView(strict, alone(strict), look()), /no person is asked/);
  });

  it('of followed tasks', () => {
    const out = look();
    const told = followPrinter(out, { several: true, standingOf });
    told.changed(models, undefined);
    told.changed(running, undefined);
    told.changed({ ...running, progress: 60, revision: 3 }, running);
    told.changed({ ...running, labels: ['not told'], revision: 4 }, running);
    told.logged(running, [
      entry({ type: 'output', message: 'working' }),
      entry({ level: 'debug', message: 'not told' }),
    ]);
    told.changed(deploy, undefined);
    told.changed(open, { ...open, status: 'in_progress' });
    told.deleted(dropped);
    const question = { kind: 'feedback', title: 'Which database?', status: 'pending', requested_at: at(0) } as const;
    told.changed({ ...running, status: 'paused', approvals: [{ id: 'q', number: 1, ...question }] }, running);
    golden('follow', out.text());
  });

  it('of changes', () => {
    const lines = [
      changedView('Cancelled', [dropped, failed], plain),
      changedView('Deleted', [dropped], plain),
      startedView('Started', [models, deploy], standingOf, plain),
      decidedView('Approved', full({ ...deploy, approvals: [approval(2)] }), plain),
      decidedView('Rejected', failed, plain),
    ];
    golden('changes', lines.join('\n'));
  });

  it('of agents and of the status', () => {
    const agents = [
      { name: 'CODEX', title: 'Codex', kind: 'acp', available: false, install: 'npm install -g codex' },
      {
        name: 'SHELL',
        title: 'Shell script',
        kind: 'shell',
        available: true,
        path: '/usr/bin/bash',
        version: '5.2.15',
      },
    ] as const;
    const problems = ['/home/ada/web/.systemprompt/config.json: agents.X: invalid'];
    const output = {
      agents: agents.map((agent) => ({ ...agent, capabilities: { asks: true, follow_ups: true, tool_limits: true } })),
      unconfirmed: ['GOOSE'],
      rules: ['allow command "npm test *"'],
      commands: { GOOSE: 'goose acp' },
      settings: ['worktrees.onComplete: "merge"'],
      digests: { agents: '4f8b02c7'.repeat(8), rules: '91d0ae35'.repeat(8), settings: 'c4e1a2d0'.repeat(8) },
      problems,
    };
    golden('agents', agentsView(output, look()));
    const alone = { agents: null, max_parallel: null, seen_ago_ms: null };
    const state: z.output<typeof status.output> = {
      folder: '/home/ada/web',
      read_only: 'The store was written by a newer version.',
      problems: ['tasks/x.json: not a task'],
      total: 5,
      by_status: { pending: 3, in_progress: 1, paused: 1, completed_active: 0, completed: 0, failed: 0, cancelled: 0 },
      ready: 2,
      asks: 1,
      today: {
        since: at(0),
        resets_at: at(86_400_000),
        limits: [
          { kind: 'cost' as const, limit: 5, spent: 4.5, estimated: false, mark: 80, text: '$4.50 of $5.00 (90 %)' },
          { kind: 'tokens' as const, limit: 9, spent: null, estimated: false, mark: 0, text: 'unknown of 9 tokens' },
        ],
      },
      archived: 12,
      storage: {
        bytes: 3_456_789,
        areas: {
          journal: { files: 1, bytes: 456_789 },
          tasks: { files: 5, bytes: 12_000 },
          logs: { files: 5, bytes: 2_988_000 },
          archive: { files: 0, bytes: 0 },
          quarantine: { files: 0, bytes: 0 },
          backups: { files: 0, bytes: 0 },
          other: { files: 0, bytes: 0 },
        },
        estimated: false,
      },
      memory: { heap_bytes: 20_000_000, task_bytes: 2_400, tasks_bytes: 12_000 },
      workers: [
        { id: 'w1', host: 'here', pid: 12, since: at(0), mode: 'background', ...alone, tasks: [4] },
        {
          id: 'w2',
          host: leaseOf('w2').host,
          pid: 13,
          since: null,
          mode: null,
          agents: ['CODEX', 'SHELL'],
          max_parallel: 4,
          seen_ago_ms: 42_000,
          tasks: [],
        },
      ],
    };
    golden('status', statusView(state, look()));
    golden(
      'status-quiet',
      statusView(
        {
          ...state,
          read_only: null,
          problems: [],
          total: 1,
          ready: 0,
          asks: 0,
          today: null,
          archived: 0,
          storage: null,
          workers: [],
        },
        look(),
      ),
    );
  });
});
