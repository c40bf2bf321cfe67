import type { AgentAdapter } from '../adapters/adapter.ts';
import type { GuardedClient } from '../guarded-client.ts';
import type { Connection } from './connection.ts';
import type { OpenedSession } from './handshake.ts';
import { fieldsOf, listOf, textOf } from './wire.ts';

/**
 * Switches a session to the agent's asking mode, if it offers one and is in another. A failure is logged; the tools that
 * the agent uses are still checked.
 */
export async function askFirst(
  connection: Connection,
  session: OpenedSession,
  modes: NonNullable<AgentAdapter['modes']>,
  client: GuardedClient,
): Promise<void> {
  const state = fieldsOf(session.modes);
  const current = textOf(state?.currentModeId);
  const offered = listOf(state?.availableModes).map((mode) => textOf(fieldsOf(mode)?.id));
  if (current === undefined || !modes.loose.includes(current)) return;
  if (!offered.includes(modes.asks)) return await say(client, current);
  try {
    await connection.request('session/set_mode', { sessionId: session.id, modeId: modes.asks });
  } catch {
    await say(client, current);
  }
}

async function say(client: GuardedClient, mode: string): Promise<void> {
  const message = `The agent stays in its mode "${mode}", in which it may use tools without asking.`;
  await client.log({ type: 'system', level: 'warn', message });
}
