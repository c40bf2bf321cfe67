import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { finishedTasks } from '../../../src/core/assess/outcomes.ts';
import { agentInsights } from '../../../src/core/insights/agents.ts';
import { approvalInsights, type RuledRequest } from '../../../src/core/insights/approvals.ts';
import { estimateInsights } from '../../../src/core/insights/estimates.ts';
import { failureInsights } from '../../../src/core/insights/failures.ts';
import { type Insight, MIN_CASES, MIN_REPEATS } from '../../../src/core/insights/insight.ts';
import { insightsOf } from '../../../src/core/insights/insights.ts';
import { limitInsights } from '../../../src/core/insights/limits.ts';
import type { Execution, TaskRecord } from '../../../src/core/task/schema.ts';
import { at, executionOf, taskWith } from '../fixtures.ts';

const list = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

const lint = { allow: 'command', pattern: 'npm run lint' } as const;

const requests = (approved: number, rejected: number, pending = 0): RuledRequest[] =>
  [
    ...list(approved, () => 'approved' as const),
    ...list(rejected, () => 'rejected' as const),
    ...list(pending, () => 'pending' as const),
  ].map((status, index) => ({ task: index + 1, request: 1, status, rule: lint }));

/** A finished docs task of an agent. */
function done(number: number, fields: Partial<TaskRecord> = {}, execution: Partial<Execution> = {}): TaskRecord {
  const status = fields.status ?? 'completed';
  const outcome = status === 'completed' ? 'completed' : 'failed';
  return taskWith({
    number,
    title: 'Document it',
    description: 'Document it',
    tool: 'CODEX',
    status,
    active_ms: 60_000,
    completed_at: at(number * 1_000),
    executions: [{ ...executionOf(`e${number}`), agent: fields.tool ?? 'CODEX', outcome, ...execution }],
    ...fields,
  });
}

const messages = (insights: readonly Insight[]): string[] => insights.map(({ message }) => message);

describe('insights about approvals (F232)', () => {
  const table: readonly (readonly [approved: number, rejected: number, expected: readonly string[]])[] = [
    [4, 0, []],
    [5, 0, ['You approved 5 of 5 requests to run "npm run lint".']],
    [4, 1, ['You approved 4 of 5 requests to run "npm run lint".']],
    [12, 2, ['You approved 12 of 14 requests to run "npm run lint".']],
    [11, 3, []],
    [0, 9, []],
  ];
  for (const [approved, rejected, expected] of table) {
    it(`are ${expected.length} after ${approved} approvals and ${rejected} rejections`, () => {
      assert.deepEqual(messages(approvalInsights(requests(approved, rejected))), expected);
    });
  }

  it('offer the pending request to remember, or the rule to write', () => {
    const [pending] = approvalInsights(requests(5, 0, 1));
    assert.deepEqual(pending?.next, {
      kind: 'operation',
      label: 'Approve the pending request and remember it',
      operation: 'task.approve',
      input: { task: 6, request: 1, remember: true },
    });
    const [none] = approvalInsights(requests(5, 0));
    assert.match(none?.next.label ?? '', /\{"allow":"command","pattern":"npm run lint"\}$/);
    assert.deepEqual(none?.evidence, { cases: 5, supporting: 5, tasks: [1, 2, 3, 4, 5] });
  });
});

describe('insights about limits (F232)', () => {
  const limited = (number: number, spent: number, fields: Partial<TaskRecord> = {}): TaskRecord =>
    done(number, { labels: ['db'], constraints: { max_tokens: 1_000 }, usage: { total_tokens: spent }, ...fields });

  it('name the factor, and a limit with room', () => {
    const [only, ...none] = limitInsights([2_000, 2_100, 2_200, 500].map((spent, at) => limited(at + 1, spent)));
    assert.deepEqual(none, []);
    assert.equal(
      only?.message,
      '3 of 4 tasks with label "db" reached their token limit: they used 2.1 times the limit (median).',
    );
    assert.deepEqual(only?.evidence, { cases: 4, supporting: 3, factor: 2.1, tasks: [1, 2, 3] });
    assert.deepEqual(only?.next.kind === 'operation' && [only.next.operation, only.next.input, only.next.ask], [
      'task.create',
      { label: ['db'], budgetTokens: 2_700 },
      ['title'],
    ]);
  });

  it('are none if fewer than three tasks or fewer than half of them reached it', () => {
    assert.deepEqual(limitInsights([2_000, 2_000].map((spent, at) => limited(at + 1, spent))), []);
    assert.deepEqual(limitInsights([2, 2_000, 2_000, 2_000, 2, 2, 2].map((spent, at) => limited(at + 1, spent))), []);
    assert.deepEqual(limitInsights(list(5, (at) => limited(at, 900))), []);
  });

  it('compare with the first limit if a person raised it', () => {
    const history: TaskRecord['history'] = [
      {
        from: 'paused',
        to: 'paused',
        at: at(1),
        reason: 'raised',
        changes: [{ field: 'max_tokens', from: '1000', to: '9000' }],
      },
    ];
    const raised = list(3, (index) => limited(index, 3_000, { history, constraints: { max_tokens: 9_000 } }));
    assert.equal(limitInsights(raised)[0]?.evidence.factor, 3);
  });

  it('follow the type without a label, for time and cost, too', () => {
    const tasks = list(3, (index) =>
      done(index, {
        active_ms: 300_000,
        constraints: { max_duration_minutes: 5, max_cost_usd: 0.5 },
        usage: { cost_usd: 0.75 },
      }),
    );
    assert.deepEqual(messages(limitInsights(tasks)), [
      '3 of 3 tasks with type docs reached their cost limit: they used 1.5 times the limit (median).',
      '3 of 3 tasks with type docs reached their time limit: they used 1.0 times the limit (median).',
    ]);
  });
});

describe('insights about agents (F232)', () => {
  const record = (agent: string, completed: number, failed: number): TaskRecord[] => [
    ...list(completed, (index) => done(index + 1, { tool: agent })),
    ...list(failed, (index) => done(completed + index + 1, { tool: agent, status: 'failed' })),
  ];
  const table: readonly (readonly [string, TaskRecord[], readonly string[]])[] = [
    [
      'an agent fails most',
      [...record('CODEX', 1, 4), ...record('OPENCODE', 5, 1)],
      ['CODEX failed 4 of 5 tasks of type docs; OPENCODE completed 5 of 6.'],
    ],
    ['no other agent is better', [...record('CODEX', 1, 4), ...record('OPENCODE', 1, 5)], []],
    ['no other agent has enough tasks', [...record('CODEX', 1, 4), ...record('OPENCODE', 4, 0)], []],
    ['it has too few tasks', [...record('CODEX', 0, 4), ...record('OPENCODE', 5, 1)], []],
    ['it fails half of them', [...record('CODEX', 3, 3), ...record('OPENCODE', 6, 0)], []],
    ['scripts fail', [...record('SHELL', 1, 4), ...record('OPENCODE', 5, 1)], []],
  ];
  for (const [situation, tasks, expected] of table) {
    it(`are ${expected.length} if ${situation}`, () => {
      assert.deepEqual(messages(agentInsights(finishedTasks(tasks))), expected);
    });
  }
});

describe('insights about failures (F232)', () => {
  const failed = (number: number, code: string, execution: Partial<Execution> = {}): TaskRecord =>
    done(number, { status: 'failed' }, { error_code: code, ...execution });
  const check = (command: string, passed: boolean) => ({ command, passed, at: at(1), ms: 1, output: '' });

  it('count codes, the most frequent first', () => {
    const tasks = [
      ...list(3, (index) => failed(index + 1, 'AgentUnavailable')),
      ...list(4, (index) => failed(index + 4, 'AgentCrashed')),
      ...list(2, (index) => failed(index + 8, 'RateLimited')),
      done(10),
    ];
    const found = failureInsights(tasks);
    assert.deepEqual(messages(found), [
      '4 of 10 attempts failed with AgentCrashed.',
      '3 of 10 attempts failed with AgentUnavailable.',
    ]);
    assert.deepEqual(found[0]?.evidence.tasks, [4, 5, 6, 7]);
    assert.deepEqual(
      found.map(({ next }) => next.kind === 'operation' && [next.operation, next.input]),
      [
        ['task.analyze', { task: 7 }],
        ['agents', {}],
      ],
    );
  });

  it('name the failed check, not the passed one', () => {
    const checks = [check('npm test', false), check('npm run lint', true)];
    const found = failureInsights(list(3, (index) => failed(index + 1, 'CheckFailed', { checks })));
    assert.deepEqual(messages(found), ['3 of 3 attempts failed because the check "npm test" failed.']);
  });

  it('ignore cancelled and interrupted attempts', () => {
    const executions = list(5, (index) => ({
      ...executionOf(`i${index}`),
      outcome: index % 2 === 0 ? ('interrupted' as const) : ('cancelled' as const),
      error_code: 'Interrupted',
    }));
    assert.deepEqual(failureInsights([done(1, { executions })]), []);
  });
});

describe('insights about estimates (F232)', () => {
  it('compare each task with an estimate from earlier tasks only', () => {
    const short = list(3, (index) => done(index + 1, { active_ms: 60_000 }));
    const long = list(4, (index) => done(index + 4, { active_ms: 600_000 }));
    const [only, ...none] = estimateInsights(finishedTasks([...long, ...short]));
    assert.deepEqual(none, []);
    assert.equal(only?.message, 'Tasks of type docs used 10 times the estimated minutes (median of 7).');
    assert.deepEqual(only?.evidence, { cases: 7, supporting: 4, factor: 10, tasks: [4, 5, 6, 7] });
  });

  it('are none for estimates that were right', () => {
    const tasks = list(20, (index) => done(index + 1, { active_ms: 180_000, usage: { total_tokens: 4_500 } }));
    assert.deepEqual(estimateInsights(finishedTasks(tasks)), []);
  });
});

describe('all insights (F232)', () => {
  const anyTask = fc
    .record({
      number: fc.integer({ min: 1, max: 99 }),
      tool: fc.constantFrom('CODEX', 'OPENCODE'),
      status: fc.constantFrom<TaskRecord['status']>('completed', 'failed', 'paused'),
      spent: fc.integer({ min: 1, max: 100_000 }),
      code: fc.constantFrom('AgentCrashed', 'CheckFailed', 'RateLimited'),
    })
    .map(({ number, tool, status, spent, code }) =>
      done(
        number,
        { tool, status, usage: { total_tokens: spent }, labels: ['db'], constraints: { max_tokens: 1_000 } },
        { error_code: code },
      ),
    );

  it('never come from fewer cases than the minimum', () => {
    const few = Math.min(MIN_CASES, MIN_REPEATS) - 1;
    fc.assert(
      fc.property(fc.array(anyTask, { maxLength: few }), fc.nat(MIN_CASES - 1), (tasks, approved) => {
        assert.deepEqual(insightsOf(tasks, requests(approved, 0)), []);
      }),
    );
  });

  it('always rest on enough cases, in an order that does not depend on that of the tasks', () => {
    fc.assert(
      fc.property(fc.array(anyTask, { maxLength: 40 }), fc.nat(20), fc.nat(5), (tasks, approved, rejected) => {
        const numbered = tasks.map((task, index) => ({ ...task, number: index + 1, completed_at: at(index) }));
        const found = insightsOf(numbered, requests(approved, rejected));
        for (const { kind, evidence } of found) {
          const least = kind === 'limits' || kind === 'failures' ? MIN_REPEATS : MIN_CASES;
          assert.ok(evidence.cases >= least && evidence.supporting <= evidence.cases && evidence.tasks.length <= 10);
        }
        assert.deepEqual(insightsOf([...numbered].reverse(), requests(approved, rejected)), found);
      }),
    );
  });

  it('ignore tasks from outside', () => {
    const tasks = list(9, (index) => done(index + 1, { status: 'failed' }, { error_code: 'AgentCrashed' }));
    assert.equal(insightsOf(tasks, []).length, 1);
    assert.deepEqual(
      insightsOf(
        tasks.map((task) => ({ ...task, from_outside: true })),
        [],
      ),
      [],
    );
  });
});
