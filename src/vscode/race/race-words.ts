import type { RaceWords } from '../../webviews/race/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { markShapes } from '../present/mark-shapes.ts';

/** The texts of the page of a race. */
export function raceWords(): RaceWords {
  return {
    open: l10n.t('Open'),
    openRace: l10n.t('Open Task'),
    changes: l10n.t('Changes'),
    pick: l10n.t('Pick This Result'),
    judge: l10n.t('Ask an Agent to Judge…'),
    merge: l10n.t('Merge…'),
    review: l10n.t('Review Changes'),
    picked: l10n.t('Picked'),
    best: l10n.t("Judge's Choice"),
    entrants: l10n.t('Entrants'),
    changed: l10n.t('Changes'),
    checks: l10n.t('Checks'),
    passed: l10n.t('passed'),
    failed: l10n.t('failed'),
    duration: l10n.t('Duration'),
    tokens: l10n.t('Tokens'),
    cost: l10n.t('Cost'),
    noChanges: l10n.t('none'),
    uncounted: l10n.t('unknown'),
    notStarted: l10n.t('not started'),
    notRun: l10n.t('not run'),
    notReported: l10n.t('not reported'),
    verdict: l10n.t('Opinion of the judge'),
    notes: l10n.t('Note of the agent'),
    noNotes: l10n.t('None'),
    gone: l10n.t('This race no longer exists.'),
    marks: markShapes(),
  };
}
