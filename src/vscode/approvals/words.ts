import type { Words } from '../../webviews/approvals/protocol.ts';
import { l10n } from '../present/l10n.ts';

/** The texts of the approvals page. */
export function approvalsWords(): Words {
  return {
    age: {
      now: l10n.t('just now'),
      minutes: l10n.t('{0} min ago', '{0}'),
      hours: l10n.t('{0} h ago', '{0}'),
      days: l10n.t('{0} d ago', '{0}'),
    },
    empty: l10n.t('No pending requests.'),
    restricted: l10n.t('Restricted Mode: you can read and reject requests, but not approve them.'),
    trust: l10n.t('Manage Workspace Trust'),
    list: l10n.t('Pending requests'),
    selectAll: l10n.t('Select All'),
    select: l10n.t('Select: {0}', '{0}'),
    approve: l10n.t('Approve'),
    approveForTask: l10n.t('Approve for This Task'),
    remember: l10n.t('Always Allow…'),
    writeRule: l10n.t('Save Rule and Approve'),
    reject: l10n.t('Reject…'),
    rejectNow: l10n.t('Reject'),
    answer: l10n.t('Answer'),
    optional: l10n.t('optional'),
    open: l10n.t('Open'),
    back: l10n.t('Back'),
    reason: l10n.t('Reason, sent to the agent if its protocol allows'),
    context: l10n.t('Latest log lines'),
    noContext: l10n.t('No log entries yet.'),
    approveSelected: l10n.t('Approve {0}', '{0}'),
    rejectSelected: l10n.t('Reject {0}…', '{0}'),
    rejectSelectedNow: l10n.t('Reject {0}', '{0}'),
    waiting: l10n.t('{0} pending', '{0}'),
    more: l10n.t('{0} more are pending. They appear as you decide these.', '{0}'),
    added: l10n.t('added'),
    removed: l10n.t('removed'),
    moreLines: l10n.t('{0} more lines. Select Open to see all.', '{0}'),
    longLines: l10n.t('{0} long lines are cut. Select Open to see all.', '{0}'),
    moreText: l10n.t('{0} more characters. Select Open to see all.', '{0}'),
    moreFiles: l10n.t('{0} more files. Select Open to see all.', '{0}'),
    approveKeys: l10n.t('Approve (Ctrl+Enter or ⌘Enter on the card)'),
    rejectKeys: l10n.t('Reject with a reason (R on the card)'),
    openKeys: l10n.t('Show the whole request in an editor (O on the card)'),
  };
}
