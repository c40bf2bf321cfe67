import type { TaskStatus } from '../../core/task/schema.ts';
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
