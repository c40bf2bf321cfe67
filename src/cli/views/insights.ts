import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Style } from '../terminal/style.ts';
import { stepLines } from './next-step.ts';

const NONE = 'No suggestions yet. They need at least 3 to 5 similar requests, attempts or finished tasks.';

/** Each suggestion with its tasks, then its action. */
export function insightsView({ insights }: OutputOf<'insights'>, style: Style): string {
  if (insights.length === 0) return NONE;
  return insights
    .map(({ message, evidence: { tasks }, next }) =>
      [
        style('bold', sanitizeLine(message)),
        style('dim', `  Tasks: ${tasks.map((number) => `#${number}`).join(', ')}`),
        ...stepLines([next]).map((line) => `  ${line}`),
      ].join('\n'),
    )
    .join('\n\n');
}
