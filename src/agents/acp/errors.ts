import { RequestError } from '@agentclientprotocol/sdk';
import { type ErrorCode, TaskError } from '../../core/errors.ts';
import { type NextStep, textStep } from '../../core/next-step.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import type { Redact } from '../../core/text/redact.ts';
import type { StderrTail } from '../stderr-tail.ts';
import { fieldsOf, textOf } from './wire.ts';

/** The protocol's code for "nobody is logged in". */
const AUTH_REQUIRED = -32000;
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
  const lines = stderr.text === undefined ? '' : ` It said last:\n${agent.redact(stderr.text)}`;
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
      next: agent.login ?? [textStep('Log in with the agent itself once, or give it its key in the environment.')],
    };
  }
  return {
    code: 'AgentFailed',
    message: `${agent.title} reported an error ${what}: ${message}`,
    next: [textStep('The log has what it said before. Limits and outages of the model pass: try again later.')],
  };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, DETAIL_CHARS);
  const data = error instanceof RequestError ? error.data : undefined;
  const fields = fieldsOf(data);
  const detail = textOf(data) ?? textOf(fields?.details) ?? textOf(fields?.message);
  const message =
    detail === undefined || error.message.includes(detail) ? error.message : `${error.message}: ${detail}`;
  return message.slice(0, DETAIL_CHARS);
}
