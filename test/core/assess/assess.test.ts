import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AgentInfo } from '../../../src/core/agent/catalog.ts';
import { complexityOf } from '../../../src/core/assess/complexity.ts';
import { estimateOf } from '../../../src/core/assess/estimate.ts';
import { matchAgents, type Requirements } from '../../../src/core/assess/match.ts';
import { type Outcome, outcomesOf } from '../../../src/core/assess/outcomes.ts';
import { type TaskType, taskTypeOf } from '../../../src/core/assess/task-type.ts';
import { executionOf, newTask, taskWith } from '../fixtures.ts';

describe('the type of a task (F164)', () => {
  const types: readonly (readonly [string, TaskType])[] = [
    ['Fix the login test', 'bugfix'],
    ['Fixes crash on start', 'bugfix'],
    ['Write unit tests for the parser', 'test'],
    ['Document the settings', 'docs'],
    ['Update the README', 'docs'],
    ['Refactor legacy authentication system', 'refactor'],
    ['Review the release notes', 'review'],
    ['Investigate slow queries', 'research'],
    ['Deploy to production', 'operations'],
    ['Implement user authentication', 'feature'],
    ['日本語', 'general'],
  ];
  for (const [title, type] of types) {
    it(`is ${type} for "${title}"`, () => assert.equal(taskTypeOf(newTask({ title })).type, type));
  }

  it('follows a label before the title, and names its signals', () => {
    const { type, signals } = taskTypeOf(newTask({ title: 'Add a page', labels: ['docs'] }));
    // "Add" is the first word of the title: 6 points; a label has 5.
    assert.equal(type, 'feature');
    assert.deepEqual(signals, [{ word: 'add', where: 'title', type: 'feature' }]);
    assert.equal(taskTypeOf(newTask({ title: 'A page', labels: ['docs'] })).type, 'docs');
  });
});

describe('the complexity of a task (F165, F222)', () => {
  const small = newTask({ title: 'Fix a typo in README.md' });
  const large = newTask({
    title: 'Refactor the entire authentication system',
    description: `Migrate the database schema, keep backward compatibility.\n${Array.from({ length: 12 }, (_, at) => `- change src/auth/part${at}.ts so that it uses the new protocol`).join('\n')}`,
    acceptanceCriteria: ['All tests pass.', 'No downtime.', 'Security review done.'],
  });

  it('orders small and large work, and explains both', () => {
    assert.ok(complexityOf(small).score < 0.3, JSON.stringify(complexityOf(small)));
    assert.ok(complexityOf(large).score > 0.6, JSON.stringify(complexityOf(large)));
    assert.ok(complexityOf(large).shares.some(({ signal }) => signal === 'files named'));
  });

  it('is a sum of its shares between 0 and 1 for any text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ maxLength: 3_000 }),
        fc.array(fc.string({ minLength: 1 }), { maxLength: 20 }),
        (title, description, criteria) => {
          const { score, shares } = complexityOf(taskWith({ title, description, acceptance_criteria: criteria }));
          assert.ok(score >= 0 && score <= 1, String(score));
          const sum = shares.reduce((total, { share }) => total + share, 0);
          assert.ok(Math.abs(sum - score) < 0.002);
        },
      ),
    );
  });

  it('never falls when work is added', () => {
    fc.assert(
      fc.property(fc.nat(20), (count) => {
        const list = (length: number): string => Array.from({ length }, (_, at) => `- step ${at}`).join('\n');
        const score = (length: number): number => complexityOf(taskWith({ description: list(length) })).score;
        assert.ok(score(count + 1) >= score(count));
      }),
    );
  });
});

function agent(name: string, fields: Partial<AgentInfo> = {}): AgentInfo {
  return {
    name,
    title: name,
    kind: 'acp',
    available: true,
    capabilities: { asks: true, follow_ups: true, tool_limits: true },
    ...fields,
  };
}

function outcome(fields: Partial<Outcome> = {}): Outcome {
  return {
    agent: 'A',
    type: 'bugfix',
    complexity: 0.3,
    succeeded: true,
    workMs: 60_000,
    tokens: 1_000,
    cost: 0.1,
    ...fields,
  };
}

const needs: Requirements = { taskType: 'bugfix', complexity: 0.3, requiredTools: [], asks: true };

describe('the best agent for a task (F163, F228)', () => {
  it('is the one with more success in similar tasks', () => {
    const outcomes = [
      ...Array.from({ length: 5 }, () => outcome({ agent: 'A', succeeded: false })),
      ...Array.from({ length: 5 }, () => outcome({ agent: 'B' })),
    ];
    const { matches } = matchAgents([agent('A'), agent('B'), agent('C')], needs, outcomes);
    assert.deepEqual(
      matches.map((match) => match.agent),
      ['B', 'C', 'A'],
    );
    assert.ok(matches[0]?.reasons.includes('5 of 5 tasks completed here.'));
  });

  it('is the one that needs less, at equal success', () => {
    const three = (fields: Partial<Outcome>) => Array.from({ length: 3 }, () => outcome(fields));
    const outcomes = [
      ...three({ agent: 'A', tokens: 40_000, cost: 0.8, workMs: 600_000 }),
      ...three({ agent: 'B', tokens: 10_000, cost: 0.2, workMs: 120_000 }),
    ];
    const { matches } = matchAgents([agent('A'), agent('B')], needs, outcomes);
    assert.deepEqual(
      matches.map((match) => match.agent),
      ['B', 'A'],
    );
    assert.ok(matches[0]?.reasons.includes('Similar tasks took about 10,000 tokens, $0.20, 2 minutes.'));
    const failed = [...outcomes, ...three({ agent: 'B', succeeded: false })];
    assert.equal(matchAgents([agent('A'), agent('B')], needs, failed).matches[0]?.agent, 'A', 'success counts more');
  });

  it('is the one with the lower configured price, as long as nothing is known of their spend', () => {
    const agents = [agent('A', { price: { input: 3, output: 15 } }), agent('B', { price: { input: 1, output: 5 } })];
    const { matches } = matchAgents([...agents, agent('C')], needs, []);
    assert.deepEqual(
      matches.map((match) => match.agent),
      ['B', 'C', 'A'],
    );
    assert.ok(matches[0]?.reasons.includes('Its model costs $1 and $5 per million tokens of input and output.'));
    // One price alone says nothing.
    const [a, c] = matchAgents([agent('C'), ...agents.slice(0, 1)], needs, []).matches;
    assert.equal(a?.score, c?.score);
    const thrifty = Array.from({ length: 3 }, () => outcome({ agent: 'A', tokens: 10, cost: 0.01, workMs: 1_000 }));
    const wasteful = Array.from({ length: 3 }, () => outcome({ agent: 'B', tokens: 9_000, cost: 2, workMs: 90_000 }));
    assert.equal(matchAgents(agents, needs, [...thrifty, ...wasteful]).matches[0]?.agent, 'A', 'the spend counts more');
  });

  it('is never one that cannot take the task', () => {
    const agents = [
      agent('SHELL', { kind: 'shell' }),
      agent('GONE', { available: false }),
      agent('MUTE', { capabilities: { asks: false, follow_ups: true, tool_limits: true } }),
    ];
    const { matches, unfit } = matchAgents(agents, needs, []);
    assert.deepEqual(matches, []);
    assert.deepEqual(
      unfit.map((each) => each.agent),
      ['SHELL', 'GONE', 'MUTE'],
    );
    assert.equal(matchAgents(agents, { ...needs, asks: false }, []).matches[0]?.agent, 'MUTE');
  });

  it('withholds excluded tools, if two are equal otherwise', () => {
    const loose = agent('LOOSE', { capabilities: { asks: true, follow_ups: true, tool_limits: false } });
    const limited = { ...needs, requiredTools: ['web_search'] };
    assert.equal(matchAgents([loose, agent('STRICT')], limited, []).matches[0]?.agent, 'STRICT');
  });
});

describe('outcomes and estimates (F232)', () => {
  it('come from finished work that ran', () => {
    const executions = [executionOf('e1')];
    const done = taskWith({ status: 'completed', executions, active_ms: 120_000, usage: { total_tokens: 500 } });
    const others = [
      taskWith({ status: 'cancelled', executions }),
      taskWith({ status: 'completed' }),
      taskWith({ status: 'in_progress', executions }),
      taskWith({ status: 'completed', executions, kind: 'group' }),
    ];
    const [only, ...none] = outcomesOf([done, ...others]);
    assert.deepEqual(none, []);
    assert.deepEqual([only?.agent, only?.succeeded, only?.workMs, only?.tokens], ['SHELL', true, 120_000, 500]);
  });

  it('give a range of similar tasks of the same agent', () => {
    const outcomes = [1_000, 2_000, 3_000, 4_000, 50_000].map((tokens) => outcome({ tokens }));
    const estimate = estimateOf({ agent: 'A', type: 'bugfix', complexity: 0.3 }, outcomes);
    assert.deepEqual(estimate.tokens, { low: 1_000, expected: 3_000, high: 50_000 });
    assert.equal(estimate.basis, 5);
    assert.equal(estimate.minutes?.expected, 1);
  });

  it('grow with complexity where nothing is known, and guess no cost', () => {
    const at = (complexity: number) => estimateOf({ agent: 'A', type: 'bugfix', complexity }, []);
    assert.ok((at(0.9).tokens?.expected ?? 0) > (at(0.1).tokens?.expected ?? 0));
    assert.deepEqual([at(0.5).cost, at(0.5).basis], [undefined, 0]);
    assert.equal(estimateOf({ agent: 'SHELL', type: 'bugfix', complexity: 0.5 }, []).tokens, undefined);
  });
});
