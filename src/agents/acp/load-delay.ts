import { setTimeout as delay } from 'node:timers/promises';
import type { AgentRequest } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import type { AgentAdapter } from '../adapters/adapter.ts';
import type { Environment } from '../environment.ts';
import type { GuardedClient } from '../guarded-client.ts';

/**
 * Waits until the agent can load the former session of a request.
 *
 * @throws TaskError `Interrupted` if the request is aborted while it waits
 */
export async function untilLoadable(
  { loadDelay }: AgentAdapter,
  { resume, signal }: AgentRequest,
  env: Environment,
  client: GuardedClient,
): Promise<void> {
  if (loadDelay === undefined || resume === undefined) return;
  // A timer may fire early by the wall clock.
  for (let isFirst = true; ; isFirst = false) {
    const ms = await loadDelay(resume, env, new Date());
    if (ms <= 0) return;
    if (isFirst) {
      const message = `Waiting ${Math.ceil(ms / 1_000)} s until the agent can load its session.`;
      await client.log({ type: 'system', level: 'info', message, metadata: { sessionId: resume } });
    }
    await delay(ms, undefined, { signal }).catch((cause: unknown) => {
      throw new TaskError('Interrupted', 'The start of the agent was cancelled.', { cause });
    });
  }
}
