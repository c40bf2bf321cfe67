import { setTimeout as delay } from 'node:timers/promises';
import type { AgentSession } from '../../core/agent/port.ts';
import type { AgentEnd } from '../../core/task/turn.ts';

/** Milliseconds for a session to close, longer than any agent's own grace periods together. */
const CLOSE_MS = 60_000;

/**
 * Closes a session and waits for its end, but not for ever: a process that the kernel keeps must not keep the task.
 *
 * @param late called if the session does not close in time; its processes may still be there
 */
export async function closeSession(
  session: Pick<AgentSession, 'close' | 'ended'>,
  late: () => void,
  ms: number = CLOSE_MS,
): Promise<AgentEnd> {
  const timer = new AbortController();
  const closed = session.close().then(() => session.ended);
  const isLate = delay(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    const end = await Promise.race([closed, isLate]);
    if (end !== undefined) return end;
    closed.catch(() => {});
    late();
    return {};
  } finally {
    timer.abort();
  }
}
