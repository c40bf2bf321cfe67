import type { LogDraft } from '../task/log-entry.ts';
import type { TurnOutcome } from '../task/turn.ts';

/** The protocol's words for the end of a turn, in those of a person. */
const ends: Readonly<Record<string, string>> = {
  end_turn: 'The agent has ended its turn.',
  max_tokens: 'The turn ended: its model had no room for more tokens.',
  max_turn_requests: 'The turn ended: the agent had made as many calls of its model as it makes in one turn.',
  refusal: 'The turn ended: the agent refused to continue.',
  cancelled: 'The turn was cancelled.',
};

/** The log entry at the end of a turn. */
export function turnEntry(outcome: TurnOutcome): LogDraft {
  const metadata = { source: 'worker', stopReason: outcome.stopReason };
  if (outcome.kind === 'interrupted') return { level: 'warn', message: outcome.error, metadata };
  if (outcome.kind !== 'failed') return { level: 'info', message: endOf(outcome), metadata };
  return {
    level: 'error',
    message: outcome.error,
    metadata: {
      ...metadata,
      error: { code: outcome.errorCode, message: outcome.error },
      ...(outcome.next === undefined ? {} : { next: outcome.next }),
    },
  };
}

function endOf({ stopReason, end }: TurnOutcome): string {
  if (stopReason === 'exit') return `The script ended with exit code ${end?.exitCode ?? 0}.`;
  return ends[stopReason] ?? `The turn ended: ${stopReason}.`;
}
