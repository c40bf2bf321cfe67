import { setTimeout as delay } from 'node:timers/promises';
import { RequestError } from '@agentclientprotocol/sdk';
import type { AgentSession } from '../../core/agent/port.ts';
import { textStep } from '../../core/next-step.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import type { AgentAdapter } from '../adapters/adapter.ts';
import type { GuardedClient } from '../guarded-client.ts';
import type { Accounting } from './accounting.ts';
import type { Connection } from './connection.ts';
import {
  type AgentContext,
  broken,
  crash,
  failedOutcome,
  interrupted,
  isWindowClosed,
  messageOf,
  modelFailed,
  noModel,
  refused,
} from './errors.ts';
import type { OpenedSession } from './handshake.ts';
import { failureInError, failureInResponse, type ModelFailure } from './model-failure.ts';
import { turnOutcome } from './outcome.ts';
import type { Permissions } from './permissions.ts';
import type { SpendMeter } from './spend-meter.ts';
import type { UpdateLog } from './update-log.ts';
import { fieldsOf } from './wire.ts';

/** Milliseconds that an agent gets to accept the end of its session. */
const CLOSE_MS = 1_000;
const CLOSE_GRACE_MS = 2_000;

/** The parts of a session. */
export interface SessionParts {
  readonly adapter: AgentAdapter;
  readonly connection: Connection;
  readonly opened: OpenedSession;
  readonly agent: AgentContext;
  readonly client: GuardedClient;
  readonly updates: UpdateLog;
  readonly permissions: Permissions;
  readonly accounting: Accounting;
  readonly meter: SpendMeter;
  /** Grace period of a cancelled turn in milliseconds. */
  readonly cancelGraceMs: number;
}

/** A prompt: whether it was sent to the agent, and whether it was cancelled. */
interface Turn {
  sent: boolean;
  cancelled: boolean;
}

/** One conversation with an agent over the protocol. */
export class AcpSession implements AgentSession {
  readonly id: string;
  readonly resumed: boolean;
  readonly followUps = true;
  readonly pid: number;
  readonly ended: Promise<AgentEnd>;
  private readonly parts: SessionParts;
  /** Resolves when the last requested turn ends. */
  private last: Promise<unknown> = Promise.resolve();
  /** The running turn and the queued ones. */
  private readonly open = new Set<Turn>();
  private closing: Promise<void> | undefined;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.id = parts.opened.id;
    this.resumed = parts.opened.resumed;
    this.pid = parts.connection.group.pid;
    this.ended = parts.connection.lost;
  }

  /** Turns run one after the other; a second prompt waits for the first. */
  prompt(text: string): Promise<TurnOutcome> {
    const turn: Turn = { sent: false, cancelled: false };
    this.open.add(turn);
    const outcome = this.last.then(() => this.runTurn(text, turn)).finally(() => this.open.delete(turn));
    this.last = outcome.catch(() => {});
    return outcome;
  }

  async cancel(): Promise<void> {
    await this.endTurn(this.parts.cancelGraceMs);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async runTurn(text: string, turn: Turn): Promise<TurnOutcome> {
    const { connection, agent, updates, permissions, accounting, meter, adapter } = this.parts;
    if (this.closing !== undefined) {
      const message = 'The session is closed.';
      return failedOutcome('closed', {
        code: 'SessionClosed',
        message,
        next: [textStep('Restart the task to start a new one.')],
      });
    }
    if (turn.cancelled) return { kind: 'cancelled', stopReason: 'cancelled', usage: meter.usage };
    turn.sent = true;
    permissions.reopen();
    updates.beginTurn();
    meter.beginTurn();
    let counted = false;
    const response = connection.request('session/prompt', { sessionId: this.id, prompt: [{ type: 'text', text }] });
    const outcome = await response.then(
      async (value): Promise<TurnOutcome> => {
        const answer = fieldsOf(value) ?? {};
        counted = accounting.responded(answer) && !turn.cancelled;
        updates.flush();
        const failure = failureInResponse(answer);
        if (failure !== undefined) return modelFailed(agent, failure);
        const outcome = turnOutcome(agent, answer.stopReason, updates.answer);
        if (outcome.kind === 'completed') await meter.read();
        return outcome.kind === 'completed' && this.missedTheModel(text) ? noModel(agent) : outcome;
      },
      async (error: unknown): Promise<TurnOutcome> => {
        if (adapter.interrupts === true && isWindowClosed(error)) return interrupted(agent, error);
        const failed = failureInError(error, Date.now());
        if (failed !== undefined) return modelFailed(agent, { message: messageOf(error), ...this.retryOf(failed) });
        if (error instanceof RequestError) return failedOutcome('error', refused(agent, error, 'in this turn'));
        const end = await connection.lost;
        const { fault } = connection;
        const failure =
          fault === undefined ? crash(agent, end, connection.stderr, 'in this turn') : broken(agent, fault);
        return { ...failedOutcome('crashed', failure), end };
      },
    );
    updates.endTurn(turn.cancelled);
    await meter.endTurn(counted);
    const { usage } = meter;
    const end = 'end' in outcome && outcome.end !== undefined ? { end: outcome.end } : {};
    // A cancelled turn ends as cancelled for any stop reason of the agent.
    if (turn.cancelled) return { kind: 'cancelled', stopReason: 'cancelled', usage, ...end };
    return { ...outcome, usage };
  }

  /** A turn without any model usage, from an agent that reports usage, is no success. Its own commands need no model. */
  private missedTheModel(prompt: string): boolean {
    const { accounting, adapter, meter } = this.parts;
    if (meter.ofTurn > 0 || prompt.trimStart().startsWith('/')) return false;
    return adapter.reportsUsage === true || accounting.hasReported;
  }

  private retryOf(failure: ModelFailure): ModelFailure {
    return { ...failure, retryAt: failure.retryAt ?? this.parts.updates.rateLimitEndsAt };
  }

  private async endTurn(graceMs: number): Promise<void> {
    const { connection, permissions, client, adapter } = this.parts;
    if (this.open.size === 0) return;
    const running = [...this.open].some((turn) => turn.sent);
    for (const turn of this.open) turn.cancelled = true;
    if (running && adapter.forgetsCancelled === true) {
      await connection.group.end();
      permissions.cancelAll();
      await this.last;
      return;
    }
    // The protocol's order: notify the agent, then answer its open requests as cancelled, so that it stops.
    const notified = running ? connection.notify('session/cancel', { sessionId: this.id }) : undefined;
    if (running) permissions.cancelAll();
    const timer = new AbortController();
    const late = delay(graceMs, true, { signal: timer.signal }).catch(() => false);
    const isLate = await Promise.race([this.last.then(() => false), late]);
    timer.abort();
    if (isLate) {
      const message = `The agent did not stop within ${graceMs / 1_000} s of being asked; its processes are ended.`;
      await client.log({ type: 'system', level: 'warn', message });
      await connection.group.end();
    }
    await this.last;
    await notified;
  }

  private async end(): Promise<void> {
    const { connection, opened, updates, meter } = this.parts;
    await this.endTurn(Math.min(CLOSE_GRACE_MS, this.parts.cancelGraceMs));
    if (opened.canClose && !connection.isLost) {
      const timer = new AbortController();
      const closed = connection.request('session/close', { sessionId: this.id }).catch(() => {});
      await Promise.race([closed, delay(CLOSE_MS, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
    }
    connection.group.stdin?.end();
    await connection.group.end();
    await connection.lost;
    updates.flush();
    await meter.close();
  }
}
