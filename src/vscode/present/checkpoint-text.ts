import type { Checkpoint } from '../../core/task/checkpoint-schema.ts';
import { l10n } from './l10n.ts';

/** The origin of a checkpoint. */
export function kindWord(kind: Checkpoint['kind']): string {
  switch (kind) {
    case 'auto':
      return l10n.t('automatic');
    case 'manual':
      return l10n.t('by hand');
    case 'before-merge':
      return l10n.t('before a merge');
    case 'before-restore':
      return l10n.t('before a restore');
  }
}
