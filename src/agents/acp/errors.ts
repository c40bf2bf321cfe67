import { RequestError } from '@agentclientprotocol/sdk';
import { type ErrorCode, TaskError } from '../../core/errors.ts';
import { type NextStep, textStep } from '../../core/next-step.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import type { Redact } from '../../core/text/redact.ts';
import type { StderrTail } from '../stderr-tail.ts';
import type { FailureKind, ModelFailure } from './model-failure.ts';
import { fieldsOf, textOf } from './wire.ts';

/** The protocol's code for a missing login. */
export const AUTH_REQUIRED = -32000;
/** Our own agent's code for a turn whose window was closed. */
export const WINDOW_CLOSED = -32050;
const DETAIL_CHARS = 2_000;

/** Context for the message and next step of every agent error. */
export interface AgentContext {
  readonly title: string;
  readonly login: readonly NextStep[] | undefined;
  readonly redact: Redact;
}

/** Code and message of a failure, for a rejected start or a failed turn. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: readonly NextStep[];
}

export function errorOf(failure: Failure, cause?: unknown): TaskError {
  return new TaskError(failure.code, failure.message, { next: failure.next, cause });
}

export function failedOutcome(stopReason: string, failure: Failure): Extract<TurnOutcome, { kind: 'failed' }> {
  return { kind: 'failed', stopReason, error: failure.message, errorCode: failure.code, next: failure.next };
}

/** The agent's process exited while it was needed. `when`: for example "while it started". */
export function crash(agent: AgentContext, end: AgentEnd, stderr: StderrTail, when: string): Failure {
  const how = end.signal === undefined ? `exit code ${end.exitCode ?? 'unknown'}` : `signal ${end.signal}`;
  const lines = stderr.text === undefined ? '' : ` Its last output:\n${agent.redact(stderr.text)}`;
  const outside =
    end.signal === 'SIGKILL' ? 'Something outside ended it, the system when memory ran out, perhaps. ' : '';
  return {
    code: 'AgentCrashed',
    message: `${agent.title} ended unexpectedly ${when} (${how}).${lines}`,
    next: [textStep(`${outside}Restart the task; if it happens again, run the agent by hand to see why.`)],
  };
}

/** The protocol was broken beyond repair. */
export function broken(agent: AgentContext, why: string): Failure {
  return {
    code: 'AgentProtocolError',
    message: `${agent.title} did not keep to the Agent Client Protocol: ${agent.redact(why)}.`,
    next: [
      textStep(
        'Update the agent; if it is configured, check that its command really speaks the protocol on its standard streams.',
      ),
    ],
  };
}

/** The agent answered a request with an error. */
export function refused(agent: AgentContext, error: unknown, what: string): Failure {
  const message = agent.redact(messageOf(error));
  if (error instanceof RequestError && error.code === AUTH_REQUIRED) {
    return {
      code: 'AgentUnavailable',
      message: `${agent.title} is not logged in: ${message}`,
      next: loginOf(agent),
    };
  }
  return {
    code: 'AgentFailed',
    message: `${agent.title} reported an error ${what}: ${message}`,
    next: [textStep('The log of the task shows its messages before the error.')],
  };
}

export function isWindowClosed(error: unknown): boolean {
  return error instanceof RequestError && error.code === WINDOW_CLOSED;
}

/** The outcome of a turn whose agent lost its model with a window. */
export function interrupted(agent: AgentContext, error: unknown): Extract<TurnOutcome, { kind: 'interrupted' }> {
  const message = `${agent.redact(messageOf(error))} The task continues when a window of the folder offers one again.`;
  return { kind: 'interrupted', stopReason: 'interrupted', error: message };
}

/** The outcome of a turn in which the model did not answer. */
export function modelFailed(agent: AgentContext, failure: ModelFailure): Extract<TurnOutcome, { kind: 'failed' }> {
  const { code, what, next } = wordsOf(agent, failure.kind);
  const detail = failure.message === undefined ? '' : ` It reported: ${agent.redact(failure.message)}`;
  const retryAt = failure.retryAt === undefined ? undefined : new Date(failure.retryAt).toISOString();
  return {
    ...failedOutcome('error', { code, message: `${agent.title}: ${what}.${detail}`, next }),
    ...(failure.kind === 'rate_limit' ? { retry: true, retryAt } : {}),
  };
}

/** The outcome of a turn that ended normally though no model took part. */
export function noModel(agent: AgentContext): Extract<TurnOutcome, { kind: 'failed' }> {
  return failedOutcome('no_model', {
    code: 'ModelUnavailable',
    message: `${agent.title} ended its turn without any use of a model, so that nothing was done.`,
    next: [textStep('The last messages in the log of the task may show the reason.')],
  });
}

function wordsOf(
  agent: AgentContext,
  kind: FailureKind,
): { readonly code: ErrorCode; readonly what: string; readonly next: readonly NextStep[] } {
  switch (kind) {
    case 'rate_limit':
      return { code: 'RateLimited', what: 'the rate limit of the model was hit', next: [] };
    case 'quota':
      return {
        code: 'RateLimited',
        what: 'the quota of the account is exhausted',
        next: [textStep('Raise the quota with the provider of the model, or use another account.')],
      };
    case 'login':
      return {
        code: 'AgentUnavailable',
        what: 'the provider of the model refused the login or the key',
        next: loginOf(agent),
      };
    case 'service':
      return { code: 'ModelUnavailable', what: 'the model had an error or was overloaded', next: [] };
    case 'connection':
      return {
        code: 'ModelUnavailable',
        what: 'it could not reach the model',
        next: [
          textStep('Check the network, a proxy, and the address of the provider in the configuration of the agent.'),
        ],
      };
    case 'request':
      return {
        code: 'AgentFailed',
        what: 'the provider of the model rejected the request',
        next: [textStep('Check the model and the provider in the configuration of the agent.')],
      };
    case 'budget':
      return {
        code: 'TokenLimitExceeded',
        what: 'its own limit of the session was reached',
        next: [textStep('Split the task, or raise the limit in the configuration of the agent.')],
      };
  }
}

function loginOf(agent: AgentContext): readonly NextStep[] {
  return agent.login ?? [textStep('Log in with the agent itself once, or give it its key in the environment.')];
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, DETAIL_CHARS);
  const data = error instanceof RequestError ? error.data : undefined;
  const fields = fieldsOf(data);
  const detail = textOf(data) ?? textOf(fields?.details) ?? textOf(fields?.message);
  const message =
    detail === undefined || error.message.includes(detail) ? error.message : `${error.message}: ${detail}`;
  return message.slice(0, DETAIL_CHARS);
}
