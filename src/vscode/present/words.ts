import type { TaskStatus } from '../../core/task/schema.ts';
import type { StoreArea } from '../../store/maintenance.ts';
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
