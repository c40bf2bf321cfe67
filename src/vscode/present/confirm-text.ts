import { visible, visibleLine } from '../../core/text/visible.ts';
import type { OutputOf } from '../../operations/all.ts';
import { l10n } from './l10n.ts';

/** All that tasks from outside would run, with invisible characters as their codes. */
export function confirmText({ tasks, playing }: Pick<OutputOf<'task.confirm'>, 'tasks' | 'playing'>): string {
  const parts = tasks.map(({ number, title, agent, model, order, tools }) =>
    [
      visibleLine(`#${number} ${title}`),
      l10n.t('agent {0}', visibleLine(model === null ? agent : `${agent} (${model})`)),
      ...(tools === null ? [] : [l10n.t('tools: {0}', tools.map(visibleLine).join(', ') || l10n.t('none'))]),
      visible(order),
    ].join('\n'),
  );
  if (playing) parts.push(l10n.t('The queue was started on another machine. It would run every pending task.'));
  return parts.join('\n\n');
}
