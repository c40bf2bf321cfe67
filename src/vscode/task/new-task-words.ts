import type { NewTaskWords } from '../../webviews/new-task/protocol.ts';
import { l10n } from '../present/l10n.ts';

/** The texts of the page for a new task. */
export function newTaskWords(): NewTaskWords {
  return {
    heading: l10n.t('New Task'),
    title: l10n.t('Title'),
    titleHint: l10n.t('For example: Fix the login test'),
    description: l10n.t('Description'),
    instructions: l10n.t('Instructions'),
    script: l10n.t('Shell script to run in the folder'),
    mention: l10n.t('Type @ to name a file'),
    files: l10n.t('Files'),
    acceptance: l10n.t('Acceptance criteria'),
    acceptanceHint: l10n.t('One per line'),
    more: l10n.t('More…'),
    start: l10n.t('Start'),
    save: l10n.t('Save without Starting'),
    edit: l10n.t('Edit {0}', '{0}'),
  };
}
