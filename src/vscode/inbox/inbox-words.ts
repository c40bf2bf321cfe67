import type { Words } from '../../webviews/inbox/protocol.ts';
import { l10n } from '../present/l10n.ts';

export function inboxWords(): Words {
  return {
    empty: l10n.t('Nothing waits for your decision.'),
    restricted: l10n.t('Restricted Mode: requests can be read and rejected, but nothing is approved.'),
    trust: l10n.t('Manage Workspace Trust'),
    list: l10n.t('Requests that wait for your decision'),
    selectAll: l10n.t('Select All'),
    select: l10n.t('Select: {0}', '{0}'),
    approve: l10n.t('Approve'),
    approveForTask: l10n.t('Approve for This Task'),
    remember: l10n.t('Always Allow…'),
    writeRule: l10n.t('Write Rule and Approve'),
    reject: l10n.t('Reject…'),
    answer: l10n.t('Answer…'),
    open: l10n.t('Open'),
    back: l10n.t('Back'),
    reason: l10n.t('Why? The agent reads it where it can.'),
    context: l10n.t('Last lines of its log'),
    noContext: l10n.t('It has logged nothing yet.'),
    approveSelected: l10n.t('Approve {0}', '{0}'),
    rejectSelected: l10n.t('Reject {0}…', '{0}'),
    waiting: l10n.t('{0} waiting', '{0}'),
    more: l10n.t('{0} more wait; they come up as these are decided.', '{0}'),
    added: l10n.t('added'),
    removed: l10n.t('removed'),
    moreLines: l10n.t('{0} more lines: Open shows all', '{0}'),
    longLines: l10n.t('{0} long lines are cut: Open shows all', '{0}'),
    moreText: l10n.t('{0} more characters: Open shows all', '{0}'),
    moreFiles: l10n.t('{0} more files: Open shows all', '{0}'),
    approveKeys: l10n.t('Approve (Ctrl+Enter or ⌘Enter on the card)'),
    rejectKeys: l10n.t('Reject with a reason (R on the card)'),
    openKeys: l10n.t('Show all of it in the editor (O on the card)'),
  };
}
