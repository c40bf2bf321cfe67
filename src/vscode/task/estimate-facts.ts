import type { OutputOf } from '../../operations/all.ts';
import type { Fact } from '../../webviews/kit/fact-schema.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { durationText } from '../present/time.ts';
import { fixedFacts } from './fact-groups.ts';

type Range = OutputOf<'task.estimate'>['tokens'];

/** The type, complexity and expected spend of a task. */
export async function estimateFacts(folder: TaskFolder, task: string): Promise<{ facts: Fact[] }> {
  const { type, complexity, tokens, cost, minutes, basis } = await operate(folder, 'task.estimate', { task });
  const facts = fixedFacts([
    [l10n.t('Type'), type],
    [l10n.t('Complexity'), l10n.t('{0} %', Math.round(complexity * 100))],
    [l10n.t('Tokens'), rangeText(tokens, (value) => rounded(value).toLocaleString('en'))],
    [l10n.t('Cost'), rangeText(cost, (value) => `$${value.toFixed(2)}`)],
    [l10n.t('Time'), rangeText(minutes, (value) => durationText(value * 60_000))],
    [l10n.t('Basis'), basis === 0 ? l10n.t('complexity alone') : l10n.t('{0} similar finished tasks', basis)],
  ]);
  return { facts };
}

function rangeText(range: Range, word: (value: number) => string): string | undefined {
  return range && l10n.t('{0} (from {1} to {2})', word(range.expected), word(range.low), word(range.high));
}

/** Two digits are as exact as an estimate is. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
