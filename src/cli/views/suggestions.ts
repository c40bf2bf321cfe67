import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Style } from '../terminal/style.ts';
import { commandLine } from './next-step.ts';
import { planView } from './plan.ts';

/** The tasks of a code analysis, and in a preview the score and key of each suggestion. */
export function suggestionsView(output: OutputOf<'plan.from-code'>, style: Style): string {
  const { applied, suggestions } = output;
  const [first] = suggestions;
  if (applied || first === undefined) return planView(output, style, false);
  const lines = suggestions.map(({ score, key }) => `${score.toFixed(2)}  ${sanitizeLine(key)}`);
  const command = commandLine({ operation: 'plan.dismiss', input: { keys: [first.key] } });
  return [planView(output, style, false), '', 'Scores and keys:', ...lines, `Hide one for good: ${command}`].join('\n');
}
