import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Family } from '../../../src/core/policy/budget.ts';
import { acceptUncounted, uncountedLimit } from '../../../src/core/policy/uncounted.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskId, taskWith } from '../fixtures.ts';

const whole = taskWith({ id: taskId('task_whole'), number: 5, kind: 'group', constraints: { max_cost_usd: 1 } });
const part = taskWith({ id: taskId('task_part'), number: 6, parent_id: whole.id, tool: 'CODEX' });
const countsCost = (agent: string): boolean | undefined => ({ CODEX: false, GEMINI: false, CLAUDECODE: true })[agent];

function family(...tasks: TaskRecord[]): Family {
  return { byId: (id) => tasks.find((task) => task.id === id), children: () => [] };
}

describe('a cost limit', () => {
  it('cannot be counted for an agent that reports no cost, also through the task above', () => {
    assert.deepEqual(uncountedLimit(part, family(whole, part), countsCost), { agent: 'CODEX', owner: whole });
    assert.equal(uncountedLimit(part, family(part), countsCost), undefined, 'there is no limit');
    for (const tool of ['CLAUDECODE', 'SHELL']) {
      assert.equal(uncountedLimit({ ...part, tool }, family(whole), countsCost), undefined);
    }
  });

  it('is counted for a model that has a price', () => {
    const priced = (_agent: string, model: string | undefined): boolean => model === 'priced';
    assert.equal(uncountedLimit({ ...part, assignee: 'priced' }, family(whole), priced), undefined);
    assert.equal(uncountedLimit({ ...part, assignee: 'other' }, family(whole), priced)?.agent, 'CODEX');
    assert.equal(uncountedLimit(part, family(whole), priced)?.agent, 'CODEX');
    const workflow = [{ agent: 'CODEX', phase: 'plan', model: 'priced' }];
    assert.equal(uncountedLimit({ ...part, workflow, step: 0 }, family(whole), priced), undefined);
  });

  it('is accepted for the agents of a task, and for its parts through the task above', () => {
    const accepted = { ...part, ...acceptUncounted(part, family(whole), countsCost) } as TaskRecord;
    assert.deepEqual(accepted.uncounted_agents, ['CODEX']);
    assert.equal(uncountedLimit(accepted, family(whole), countsCost), undefined);
    assert.equal(uncountedLimit({ ...accepted, tool: 'GEMINI' }, family(whole), countsCost)?.agent, 'GEMINI');
    const above = { ...whole, uncounted_agents: ['CODEX'] };
    assert.equal(uncountedLimit(part, family(above), countsCost), undefined);
    assert.deepEqual(acceptUncounted(part, family(above), countsCost), {}, 'there is nothing to accept');
  });

  it('concerns the agents of the steps that are ahead', () => {
    const workflow = [
      { agent: 'GEMINI', phase: 'plan' },
      { agent: 'CLAUDECODE', phase: 'work' },
    ];
    assert.equal(uncountedLimit({ ...part, workflow }, family(whole), countsCost)?.agent, 'GEMINI');
    assert.equal(uncountedLimit({ ...part, workflow, step: 1 }, family(whole), countsCost), undefined);
  });
});
