import { setTimeout as delay } from 'node:timers/promises';
import type { Agent, AgentClient, AgentRequest, AgentSession } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { toolReach } from '../../core/policy/tool-reach.ts';
import { DEFAULT_APPROVALS } from '../../core/task/approvals-mode.ts';
import { withTemporaryFolder } from '../../machine/temporary.ts';
import { type AgentAdapter, plainAdapter, type SessionLimits } from '../adapters/adapter.ts';
import { agentEnvironment, type Environment } from '../environment.ts';
import { type GuardedClient, guardClient } from '../guarded-client.ts';
import { priceOf } from '../price.ts';
import { Accounting } from './accounting.ts';
import { askFirst } from './ask-mode.ts';
import { openBesideRecord } from './beside-record.ts';
import { type Connection, connect } from './connection.ts';
import { type AgentContext, broken, crash, errorOf } from './errors.ts';
import { type OpenedSession, openSession } from './handshake.ts';
import { chooseModel, currentModel } from './model-choice.ts';
import type { AcpAgentOptions } from './options.ts';
import { Permissions } from './permissions.ts';
import { AcpSession } from './session.ts';
import { SpendMeter } from './spend-meter.ts';
import { UpdateLog } from './update-log.ts';

const START_TIMEOUT_MS = 120_000;
const CANCEL_GRACE_MS = 5_000;
/** Milliseconds before a second start, in which another process of the agent can finish its own first start. */
const SECOND_START_MS = 1_000;

/** An agent that speaks the Agent Client Protocol (version 1) on its standard streams. */
export function createAcpAgent(options: AcpAgentOptions): Agent {
  return {
    name: options.name,
    approvals: options.approvals,
    open: (request, client) => open(options, request, client),
  };
}

async function open(options: AcpAgentOptions, request: AgentRequest, plainClient: AgentClient): Promise<AgentSession> {
  const reach = request.allowedTools === undefined ? undefined : toolReach(request.allowedTools);
  const adapter = options.adapter ?? plainAdapter;
  const approvals = request.approvals ?? options.approvals ?? DEFAULT_APPROVALS;
  const { title, maxCostUsd } = request;
  // With tool limits the agent must ask, so that a call can be refused before it happens.
  const limits: SessionLimits = { reach, asks: approvals !== 'agent' || reach !== undefined, title, maxCostUsd };
  const limitEnv = adapter.env?.(limits, { ...options.env, ...request.env });
  const env = agentEnvironment(options.env, request.env, limitEnv);
  const client = guardClient(plainClient, env);
  const agent: AgentContext = { title: options.title, login: options.login, redact: client.redact };
  if (request.resume !== undefined) await adapter.beforeLoad?.(request.resume, env);
  const parts: StartParts = { options, request, adapter, limits, env, client, agent };
  let greeted = false;
  const greet = (): void => {
    greeted = true;
  };
  try {
    return await start(parts, greet);
  } catch (error) {
    // Two first starts at one moment can break each other: some agents create their database then.
    const broke = TaskError.is(error, 'AgentCrashed', 'AgentFailed');
    if (greeted || !broke || request.signal?.aborted === true) throw error;
    const message = `The first start failed and is repeated once. ${error.message}`;
    await client.log({ type: 'system', level: 'warn', message, metadata: { source: 'worker' } });
    await delay(SECOND_START_MS, undefined, request.signal === undefined ? {} : { signal: request.signal }).catch(
      () => {
        throw error;
      },
    );
    return await start(parts, greet);
  }
}

interface StartParts {
  readonly options: AcpAgentOptions;
  readonly request: AgentRequest;
  readonly adapter: AgentAdapter;
  readonly limits: SessionLimits;
  readonly env: Environment;
  readonly client: GuardedClient;
  readonly agent: AgentContext;
}

/**
 * Starts the agent's process and opens its session.
 *
 * @param greeted called when the agent has answered `initialize`
 */
async function start(parts: StartParts, greeted: () => void): Promise<AgentSession> {
  const { args } = parts.adapter;
  if (args === undefined) return await launch(parts, [], greeted);
  return withTemporaryFolder('agent', async (folder) => launch(parts, await args(parts.limits, folder), greeted));
}

async function launch(parts: StartParts, more: readonly string[], greeted: () => void): Promise<AgentSession> {
  const { adapter, request, env, client } = parts;
  const beside = await openBesideRecord(adapter, env, request.cwd);
  const accounting = new Accounting(adapter.tokensCount ?? 'turn');
  const meter = new SpendMeter(client, accounting, beside);
  const withRecord = beside instanceof Object ? { ...env, ...beside.env } : env;
  try {
    return await launchMetered({ ...parts, env: withRecord, accounting, meter }, more, greeted);
  } catch (error) {
    await meter.close();
    throw error;
  }
}

interface MeteredParts extends StartParts {
  readonly accounting: Accounting;
  readonly meter: SpendMeter;
}

async function launchMetered(parts: MeteredParts, more: readonly string[], greeted: () => void): Promise<AgentSession> {
  const { options, request, adapter, limits, env, client, agent, accounting, meter } = parts;
  const group = await options.launcher.start({
    agent: options.name,
    command: options.command,
    args: [...options.args, ...more],
    cwd: request.cwd,
    env,
    stdin: 'pipe',
    taskId: request.taskId,
  });
  const updates = new UpdateLog(client, meter, request.cwd, adapter);
  const permissions = new Permissions(client, updates, request.cwd);
  const connection = connect(group, client, updates, permissions, adapter.writesItself === true);
  try {
    const message = `Started ${options.title} (process ${group.pid}).`;
    await client.log({ type: 'system', level: 'debug', message, metadata: { pid: group.pid } });
    const { clientMeta, keyMethods } = adapter;
    const extras = { meta: adapter.meta?.(limits), clientMeta, keyMethods, env, greeted };
    const ready = openSession(connection, agent, request, client, updates, extras).then(async (session) => {
      updates.sessionId = session.id;
      await meter.open(await adapter.record?.({ sessionId: session.id, env }), session.resumed, request.spent);
      if (limits.asks && adapter.modes !== undefined) await askFirst(connection, session, adapter.modes, client);
      if (request.model !== undefined) await chooseModel(connection, agent, session, request.model, request.taskId);
      meter.price = priceOf(options.prices, request.model ?? currentModel(session));
      return session;
    });
    const opened = await readyInTime(ready, connection, agent, options.startTimeoutMs ?? START_TIMEOUT_MS);
    await logSession(client, opened, options.title);
    const cancelGraceMs = options.cancelGraceMs ?? CANCEL_GRACE_MS;
    return new AcpSession({
      adapter,
      connection,
      opened,
      agent,
      client,
      updates,
      permissions,
      accounting,
      meter,
      cancelGraceMs,
    });
  } catch (error) {
    await group.end();
    await connection.lost;
    throw error;
  }
}

/** The session when it is ready, or the reason why it failed: timeout, crash, protocol error. */
async function readyInTime(
  ready: Promise<OpenedSession>,
  connection: Connection,
  agent: AgentContext,
  timeoutMs: number,
): Promise<OpenedSession> {
  const timer = new AbortController();
  const late = delay(timeoutMs, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  const lost = connection.lost.then(() => 'lost' as const);
  try {
    const first = await Promise.race([ready, late, lost]).catch((error: unknown) => {
      if (TaskError.is(error)) throw error;
      return lost; // the library rejects requests on a lost connection before its cause is known
    });
    if (first === 'lost') {
      const { fault } = connection;
      const end = await connection.lost;
      throw errorOf(
        fault === undefined ? crash(agent, end, connection.stderr, 'while it started') : broken(agent, fault),
      );
    }
    if (first === 'late') {
      throw errorOf({
        code: 'AgentUnavailable',
        message: `${agent.title} was not ready within ${timeoutMs / 1_000} s${connection.stderr.suffix}`,
        next: [
          textStep('On a slow machine, raise "startSeconds" of the agent in .systemprompt/config.json.'),
          textStep('Or run the agent by hand once, to see whether it waits for something. Then restart the task.'),
        ],
      });
    }
    return first;
  } finally {
    timer.abort();
    ready.catch(() => {});
  }
}

async function logSession(client: GuardedClient, opened: OpenedSession, title: string): Promise<void> {
  const who = opened.agentInfo ?? title;
  const message = opened.resumed ? `${who} continues its session.` : `${who} opened a session.`;
  await client.log({
    type: 'system',
    level: 'info',
    message,
    metadata: { sessionId: opened.id, resumed: opened.resumed },
  });
}
