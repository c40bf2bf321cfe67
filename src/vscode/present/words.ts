import type { TaskStatus } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { StoreArea } from '../../store/maintenance.ts';
import type { Grouping, Sorting } from '../tree/arrangement.ts';
import { type GroupKey, isStatus } from '../tree/groups.ts';
import { l10n } from './l10n.ts';

export function statusWord(status: TaskStatus): string {
  switch (status) {
    case 'pending':
      return l10n.t('Pending');
    case 'in_progress':
      return l10n.t('In Progress');
    case 'paused':
      return l10n.t('Paused');
    case 'completed_active':
      return l10n.t('Session Open');
    case 'completed':
      return l10n.t('Completed');
    case 'failed':
      return l10n.t('Failed');
    case 'cancelled':
      return l10n.t('Cancelled');
  }
}

/** The title of a group of the tree. */
export function groupWord(key: GroupKey): string {
  if (key === 'needs_you') return l10n.t('Needs You');
  if (key === 'all') return l10n.t('Tasks');
  if (key === 'queued') return l10n.t('Queued');
  if (isStatus(key)) return statusWord(key);
  const name = sanitizeLine(key.slice(key.indexOf(':') + 1));
  if (name !== '') return name;
  return key === 'label:' ? l10n.t('No Label') : l10n.t('No Project');
}

export function groupingWord(grouping: Grouping): string {
  switch (grouping) {
    case 'status':
      return l10n.t('Status');
    case 'project':
      return l10n.t('Project and Parent');
    case 'agent':
      return l10n.t('Agent');
    case 'label':
      return l10n.t('Label');
    case 'none':
      return l10n.t('None');
  }
}

export function sortingWord(sorting: Sorting): string {
  switch (sorting) {
    case 'default':
      return l10n.t('Next or Latest First');
    case 'priority':
      return l10n.t('Priority');
    case 'age':
      return l10n.t('Oldest First');
    case 'number':
      return l10n.t('Number');
  }
}

/** The display name of a part of the store. */
export function areaWord(area: StoreArea): string {
  switch (area) {
    case 'journal':
      return l10n.t('journal');
    case 'tasks':
      return l10n.t('tasks');
    case 'logs':
      return l10n.t('logs');
    case 'archive':
      return l10n.t('archive');
    case 'quarantine':
      return l10n.t('quarantine');
    case 'backups':
      return l10n.t('backups');
    case 'other':
      return l10n.t('other');
  }
}
