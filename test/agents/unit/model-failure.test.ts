import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { AgentAdapter } from '../../../src/agents/adapters/adapter.ts';
import type { TurnOutcome } from '../../../src/core/task/turn.ts';
import { fakeAgent } from '../../support/fake-agent.ts';
import { RecordingClient } from '../../support/recording-client.ts';

const cwd = mkdtempSync(join(tmpdir(), 'model-failure-'));
after(() => rmSync(cwd, { recursive: true, force: true }));

async function outcomes(adapter: AgentAdapter, ...prompts: string[]): Promise<TurnOutcome[]> {
  const agent = fakeAgent('failing', [], { adapter });
  const session = await agent.open({ taskId: 'task_failing', title: 'A task', cwd }, new RecordingClient());
  const found: TurnOutcome[] = [];
  for (const prompt of prompts) found.push(await session.prompt(prompt));
  await session.close();
  return found;
}

const code = (outcome: TurnOutcome): string => (outcome.kind === 'failed' ? outcome.errorCode : outcome.kind);

describe('a model that does not answer', () => {
  it('is detected from the data of the agent, for any stop reason', async () => {
    const prompts = [
      ...['codex limit', 'codex service', 'codex access', 'codex connection'],
      ...['gemini 429', 'gemini 500', 'gemini 401', 'gemini 404'],
      ...['claude rate_limit', 'claude server_error', 'claude authentication_failed', 'claude invalid_request'],
    ];
    const found = await outcomes({}, ...prompts.map((way) => `way: ${way}`));
    assert.deepEqual(found.map(code), [
      ...['RateLimited', 'ModelUnavailable', 'AgentUnavailable', 'ModelUnavailable'],
      ...['RateLimited', 'ModelUnavailable', 'AgentUnavailable', 'AgentFailed'],
      ...['RateLimited', 'ModelUnavailable', 'AgentUnavailable', 'AgentFailed'],
    ]);
    const retried = found.map((outcome) => outcome.kind === 'failed' && outcome.retry === true);
    assert.deepEqual(
      retried.map((retry, index) => (retry ? index : undefined)).filter((index) => index !== undefined),
      [0, 4, 8],
    );
  });

  it('is detected if an agent that reports usage reports none, except for its own commands', async () => {
    const known = await outcomes({ reportsUsage: true }, 'way: mute', '/compact');
    assert.deepEqual(known.map(code), ['ModelUnavailable', 'completed']);
    const unknown = await outcomes({}, 'way: mute', 'interrupted', 'way: mute');
    assert.deepEqual(unknown.map(code), ['completed', 'completed', 'ModelUnavailable'], 'it reported usage before');
  });
});
