import type { TaskWords } from '../../webviews/task/protocol.ts';
import { l10n } from '../present/l10n.ts';

/** The texts of the task page. */
export function taskWords(): TaskWords {
  return {
    title: l10n.t('Title'),
    description: l10n.t('Description'),
    instructions: l10n.t('Instructions'),
    none: l10n.t('None.'),
    acceptance: l10n.t('Acceptance criteria'),
    limits: l10n.t('Limits'),
    unknown: l10n.t('unknown'),
    requests: l10n.t('Pending requests'),
    approve: l10n.t('Approve'),
    reject: l10n.t('Reject'),
    answer: l10n.t('Answer…'),
    open: l10n.t('Open'),
    restricted: l10n.t('Restricted Mode: you can read and reject requests, but not approve them.'),
    parts: l10n.t('Parts'),
    dependencies: l10n.t('Depends on'),
    log: l10n.t('Log'),
    logEmpty: l10n.t('No log entries yet.'),
    earlier: l10n.t('Load Earlier Lines'),
    follow: l10n.t('Follow'),
    executions: l10n.t('Executions'),
    history: l10n.t('History'),
    edit: l10n.t('Edit {0}', '{0}'),
    save: l10n.t('Save'),
    cancel: l10n.t('Cancel'),
    conflict: l10n.t('Somebody else saved another value meanwhile:'),
    overwrite: l10n.t('Save Anyway'),
    pin: l10n.t('Keep Open'),
    pinned: l10n.t('Kept open'),
    gone: l10n.t('This task was deleted.'),
    started: l10n.t('Started'),
    agent: l10n.t('Agent'),
    outcome: l10n.t('Outcome'),
    spend: l10n.t('Spend'),
    when: l10n.t('When'),
    change: l10n.t('Change'),
    reason: l10n.t('Reason'),
  };
}
