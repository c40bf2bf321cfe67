import { PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import type { AgentRequest } from '../../core/agent/port.ts';
import type { TaskError } from '../../core/errors.ts';
import type { KeyMethod } from '../adapters/adapter.ts';
import type { Environment } from '../environment.ts';
import type { GuardedClient } from '../guarded-client.ts';
import type { Connection } from './connection.ts';
import { type AgentContext, broken, errorOf, refused } from './errors.ts';
import { withLogin } from './login.ts';
import type { UpdateLog } from './update-log.ts';
import { type Fields, fieldsOf, textOf } from './wire.ts';

/** A session that is ready for its first prompt. */
export interface OpenedSession {
  readonly id: string;
  readonly resumed: boolean;
  /** True if the agent supports closing a session. */
  readonly canClose: boolean;
  /** The agent's own name and version, if it reports them. */
  readonly agentInfo: string | undefined;
  /** Options of the session, for example its model. */
  readonly configOptions: unknown;
  /** The offered models and the current one, from agents that do not list them as an option. */
  readonly models: unknown;
  /** The offered modes and the current one. */
  readonly modes: unknown;
}

/** Everything about the agent and its environment that the requests need. */
export interface SessionExtras {
  readonly meta?: Fields | undefined;
  readonly clientMeta?: Fields | undefined;
  readonly keyMethods?: readonly KeyMethod[] | undefined;
  readonly env: Environment;
  /** Called when the agent has answered `initialize`. */
  readonly greeted?: (() => void) | undefined;
}

/**
 * Opens a session: `initialize`, `authenticate` if the agent demands it and it needs no person, then `session/resume`, `session/load` or `session/new`.
 *
 * @throws TaskError `AgentProtocolError`, `AgentUnavailable` (not logged in) or `AgentFailed`
 */
export async function openSession(
  connection: Connection,
  agent: AgentContext,
  request: AgentRequest,
  client: GuardedClient,
  updates: UpdateLog,
  { meta, clientMeta, keyMethods, env, greeted }: SessionExtras,
): Promise<OpenedSession> {
  let send = connection.request;
  const ask = async (method: string, params: unknown, what: string): Promise<Fields> => {
    try {
      return fieldsOf(await send(method, params)) ?? {};
    } catch (error) {
      throw error instanceof RequestError ? errorOf(refused(agent, error, what), error) : error;
    }
  };
  const hello = await ask('initialize', initializeParams(clientMeta), 'when it was greeted');
  greeted?.();
  if (hello.protocolVersion !== PROTOCOL_VERSION) {
    throw errorOf(broken(agent, `it speaks version ${JSON.stringify(hello.protocolVersion)}, not ${PROTOCOL_VERSION}`));
  }
  send = withLogin(connection, hello.authMethods, keyMethods ?? [], env, client);
  const capabilities = fieldsOf(hello.agentCapabilities) ?? {};
  const sessions = fieldsOf(capabilities.sessionCapabilities) ?? {};
  const place = { cwd: request.cwd, mcpServers: serversOf(request), ...(meta === undefined ? {} : { _meta: meta }) };
  const info = fieldsOf(hello.agentInfo);
  const about = {
    canClose: fieldsOf(sessions.close) !== undefined,
    agentInfo:
      [textOf(info?.title) ?? textOf(info?.name), textOf(info?.version)].filter(Boolean).join(' ') || undefined,
  };

  if (request.resume !== undefined) {
    const how = resumeMethod(sessions, capabilities);
    const resumed = how === undefined ? undefined : await resume(how, request.resume, place, ask, client, updates);
    if (resumed !== undefined) {
      return {
        ...about,
        id: request.resume,
        resumed: true,
        ...choicesOf(resumed),
      };
    }
    const message = 'The former session cannot be continued; the agent starts a new one.';
    await client.log({ type: 'system', level: 'warn', message, metadata: { sessionId: request.resume } });
  }
  const created = await ask('session/new', place, 'when it opened a session');
  const id = textOf(created.sessionId);
  if (id === undefined) throw errorOf(broken(agent, 'it opened a session without an id'));
  // An agent that is given a title does not ask a model for one.
  if (fieldsOf(sessions.title) !== undefined) {
    await connection.request('session/set_title', { sessionId: id, title: request.title }).catch(() => {});
  }
  return { ...about, id, resumed: false, ...choicesOf(created) };
}

/** The servers as the protocol has them: on standard streams, which every agent supports. */
function serversOf({ toolServer }: AgentRequest): object[] {
  if (toolServer === undefined) return [];
  const { name, command, args, env } = toolServer;
  return [{ name, command, args, env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }];
}

function choicesOf({
  configOptions,
  modes,
  models,
}: Fields): Pick<OpenedSession, 'configOptions' | 'modes' | 'models'> {
  return { configOptions, modes, models };
}

/**
 * Offers no file access and no terminal. The agents' own tools work in the task's folder under their own permission
 * rules, which ask. Access through the client would be another path to protect, and its only benefit, unsaved editor
 * buffers, does not exist in a worker.
 */
function initializeParams(clientMeta: Fields | undefined): object {
  return {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {
      fs: { readTextFile: false, writeTextFile: false },
      terminal: false,
      // Forms only: a worker has no window in which to show a page.
      elicitation: { form: {} },
      ...(clientMeta === undefined ? {} : { _meta: clientMeta }),
    },
    clientInfo: { name: 'systemprompt-tasks', title: 'SystemPrompt Tasks', version: '0.1.0' },
  };
}

function resumeMethod(sessions: Fields, capabilities: Fields): 'session/resume' | 'session/load' | undefined {
  if (fieldsOf(sessions.resume) !== undefined) return 'session/resume';
  return capabilities.loadSession === true ? 'session/load' : undefined;
}

async function resume(
  method: 'session/resume' | 'session/load',
  sessionId: string,
  place: object,
  ask: (method: string, params: unknown, what: string) => Promise<Fields>,
  client: GuardedClient,
  updates: UpdateLog,
): Promise<Fields | undefined> {
  updates.sessionId = sessionId;
  updates.replaying = true;
  try {
    return await ask(method, { sessionId, ...place }, 'when it was to continue a session');
  } catch (error) {
    const { message } = error as TaskError;
    await client.log({ type: 'system', level: 'debug', message });
    updates.sessionId = undefined;
    return undefined;
  } finally {
    updates.replaying = false;
  }
}
