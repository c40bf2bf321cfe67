import { type ClientConnection, client as clientApp } from '@agentclientprotocol/sdk';
import type { AgentEnd } from '../../core/task/turn.ts';
import { compileLineRedaction } from '../../core/text/redact.ts';
import type { GuardedClient } from '../guarded-client.ts';
import { pumpLines, releaseWhenSilent } from '../output-pump.ts';
import type { ProcessGroup } from '../process-group.ts';
import { StderrTail } from '../stderr-tail.ts';
import type { Permissions } from './permissions.ts';
import { openTransport } from './transport.ts';
import type { UpdateLog } from './update-log.ts';

/** Milliseconds that a process may keep running after it closed its output. */
const SPEECHLESS_MS = 1_000;
const GARBAGE_CHARS = 2_000;

/** A running agent and the protocol's connection to it. */
export interface Connection {
  readonly group: ProcessGroup;
  readonly stderr: StderrTail;
  /** Sends a request; rejects with the agent's error, or when the connection is lost. */
  request(method: string, params: unknown): Promise<unknown>;
  /** Sends a notification; a lost connection is no error here. */
  notify(method: string, params: unknown): Promise<void>;
  /** The protocol error that ended the session, if any. */
  readonly fault: string | undefined;
  /** Resolves when the process and its group have exited and all their output is read. */
  readonly lost: Promise<AgentEnd>;
  /** True after the process has ended. */
  readonly isLost: boolean;
}

/**
 * Connects to an agent that was just started with `stdin: 'pipe'`.
 *
 * @param writesItself see `AgentAdapter`
 */
export function connect(
  group: ProcessGroup,
  client: GuardedClient,
  updates: UpdateLog,
  permissions: Permissions,
  writesItself: boolean,
): Connection {
  const stderr = new StderrTail();
  let fault: string | undefined;
  let isLost = false;

  if (group.stdin === undefined) throw new Error('an agent needs its standard input');
  const transport = openTransport(group.stdout, group.stdin, {
    update: (params, bytes) => updates.update(params, bytes),
    garbage: (line, why) =>
      client.log({
        type: 'system',
        level: 'warn',
        message: `Skipped a line of the agent that is no message (${why}): ${line.slice(0, GARBAGE_CHARS)}`,
      }),
    fatal(why) {
      fault = why;
      void group.end();
    },
  });
  // The capabilities exclude file access and terminals; agents that request them anyway get an error.
  const app = clientApp().onRequest('session/request_permission', passOn, ({ params }) => permissions.ask(params));
  app.onRequest('elicitation/create', passOn, ({ params }) => permissions.question(params));
  if (writesItself) app.onRequest('fs/write_text_file', passOn, () => ({}));
  const connection: ClientConnection = app.connect(transport);

  const clean = compileLineRedaction(client.redact);
  const stderrRead = pumpLines(group.stderr, group.gone, ({ text, continued }) => {
    const message = clean(text);
    stderr.add(message);
    const metadata = { stream: 'stderr', ...(continued ? { continued } : {}) };
    return client.log({ type: 'output', level: 'debug', message, metadata });
  });
  const release = releaseWhenSilent(group.stdout, group.gone);
  void endSpeechless(connection, group);

  const lost = (async (): Promise<AgentEnd> => {
    const end = await group.exited;
    isLost = true;
    permissions.cancelAll();
    await Promise.all([group.gone, stderrRead, connection.closed]);
    release();
    return end;
  })();

  return {
    group,
    stderr,
    request: (method, params) => connection.agent.request<unknown>(method, params),
    notify: (method, params) => connection.agent.notify(method, params).catch(() => {}),
    get fault() {
      return fault;
    },
    lost,
    get isLost() {
      return isLost;
    },
  };
}

/** Raw parameters; each reader validates them. */
function passOn(params: unknown): unknown {
  return params;
}

/** An agent that closes its output is done: it is ended if it does not exit on its own. */
async function endSpeechless(connection: ClientConnection, group: ProcessGroup): Promise<void> {
  await connection.closed;
  const timer = setTimeout(() => void group.end(), SPEECHLESS_MS);
  await group.exited;
  clearTimeout(timer);
}
