import type { Execution } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { TaskModel } from '../../webviews/task/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { spendTexts } from '../present/spend-text.ts';
import { durationText, momentText } from '../present/time.ts';
import { shownText } from './shown-text.ts';

/** An attempt at the task, as a row of a table. */
export function executionRow(execution: Execution, now: number): TaskModel['executions'][number] {
  const { started_at, ended_at, agent, outcome, usage, session_id: session, error } = execution;
  const { tokens, cost } = spendTexts(usage);
  const spend = [
    ...(tokens === undefined ? [] : [l10n.t('{0} tokens', tokens)]),
    ...(cost === undefined ? [] : [cost]),
  ];
  const end = ended_at === undefined ? now : Date.parse(ended_at);
  return {
    started: momentText(started_at),
    agent: sanitizeLine(agent),
    outcome: outcomeWord(outcome),
    duration: durationText(end - Date.parse(started_at)),
    spend: spend.join(', '),
    session: session === undefined ? '' : sanitizeLine(session),
    ...(error === undefined ? {} : { error: shownText(error) }),
  };
}

function outcomeWord(outcome: Execution['outcome']): string {
  switch (outcome) {
    case undefined:
      return l10n.t('running');
    case 'completed':
      return l10n.t('completed');
    case 'failed':
      return l10n.t('failed');
    case 'cancelled':
      return l10n.t('cancelled');
    case 'interrupted':
      return l10n.t('interrupted');
  }
}
