import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import { l10n } from './l10n.ts';
import { durationText } from './time.ts';
import { statusWord } from './words.ts';

type Entrant = OutputOf<'task.race.show'>['entrants'][number];

/** Characters of a note, whose end sums up. */
const NOTE_CHARS = 200;

/** An entrant of a race as a choice: its agent, its numbers, and its notes. */
export function entrantText(entrant: Entrant): { label: string; description: string; detail: string } {
  const { number, agent, model, status, changes, checks, duration, tokens, cost_usd: cost, judge } = entrant;
  const ran = checks.passed + checks.failed;
  const score = judge?.score ?? null;
  const facts = [
    statusWord(status),
    ...(changes === null ? [] : [l10n.t('{0} files, +{1} -{2}', changes.files, changes.added, changes.deleted)]),
    ...(ran === 0 ? [] : [l10n.t('{0} of {1} checks passed', checks.passed, ran)]),
    ...(duration === 0 ? [] : [durationText(duration)]),
    ...(tokens === null ? [] : [l10n.t('{0} tokens', tokens.toLocaleString('en'))]),
    ...(cost === null ? [] : [`$${cost.toFixed(cost < 0.1 ? 4 : 2)}`]),
    ...(score === null ? [] : [l10n.t('score {0} of 10', score)]),
  ];
  const name = sanitizeLine(model === null ? agent : `${agent} (${model})`);
  return {
    label: `${entrant.picked ? '$(check) ' : ''}#${number} ${name.replaceAll('$(', '$ (')}`,
    description: facts.join(' · '),
    detail: ending(judge?.notes || entrant.error || entrant.notes).replaceAll('$(', '$ ('),
  };
}

function ending(text: string): string {
  const line = sanitizeLine(text.trim());
  return line.length > NOTE_CHARS ? `…${line.slice(1 - NOTE_CHARS)}` : line;
}
