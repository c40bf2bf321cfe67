import { textStep } from '../../core/next-step.ts';
import type { TurnOutcome } from '../../core/task/turn.ts';
import { type AgentContext, broken, failedOutcome } from './errors.ts';
import { textOf } from './wire.ts';

/** The outcome of a turn by the protocol's stop reason, never by the agent's text. */
export function turnOutcome(agent: AgentContext, stopReason: unknown, answer: string): TurnOutcome {
  switch (stopReason) {
    case 'end_turn':
      return { kind: 'completed', stopReason, ...(answer === '' ? {} : { result: { message: agent.redact(answer) } }) };
    case 'cancelled':
      return { kind: 'cancelled', stopReason };
    case 'refusal':
      return failedOutcome(stopReason, {
        code: 'AgentRefused',
        message: `${agent.title} refused to continue.`,
        next: [textStep('Its last message often gives the reason. Change the instructions and restart the task.')],
      });
    case 'max_tokens':
      return failedOutcome(stopReason, {
        code: 'TokenLimitExceeded',
        message: `${agent.title} reached the most tokens that its model may use.`,
        next: [textStep('Raise the limit or split the task, then send a follow-up or restart it.')],
      });
    case 'max_turn_requests':
      return failedOutcome(stopReason, {
        code: 'IterationLimitExceeded',
        message: `${agent.title} reached the most calls of its model that one turn may have.`,
        next: [textStep('Send a follow-up to continue, or split the task.')],
      });
    default:
      return failedOutcome(
        textOf(stopReason) ?? 'unknown',
        broken(agent, `it stopped with ${textOf(stopReason)?.slice(0, 100) ?? 'no reason'}`),
      );
  }
}
