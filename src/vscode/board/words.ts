import type { BoardWords } from '../../webviews/board/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { markShapes } from '../present/mark-shapes.ts';
import { groupingWord } from '../present/words.ts';
import { groupings } from '../tree/arrangement.ts';

/** The texts of the board. */
export function boardWords(): BoardWords {
  return {
    board: l10n.t('Task Board'),
    folder: l10n.t('Folder'),
    group: l10n.t('Columns'),
    groups: groupings.map((grouping) => [
      grouping,
      grouping === 'project' ? l10n.t('Project') : groupingWord(grouping),
    ]),
    filter: l10n.t('Filter: words, agent:codex, label:api, is:blocked'),
    clear: l10n.t('Clear Filter'),
    play: l10n.t('Play Queue'),
    pause: l10n.t('Pause Queue'),
    newTask: l10n.t('New Task'),
    noTasks: l10n.t('No tasks yet. Create one, and it appears here as a card.'),
    noMatch: l10n.t('No task matches the filter.'),
    showMore: l10n.t('Show {0} More', '{0}'),
    notShown: l10n.t('{0} not shown', '{0}'),
    spent: l10n.t('Spent'),
    moved: l10n.t('{0}: {1}', '{0}', '{1}'),
    noMove: l10n.t('No column on this side is a target.'),
    selected: l10n.t('{0} selected', '{0}'),
    isSelected: l10n.t('selected'),
    clearSelection: l10n.t('Clear Selection'),
    help: l10n.t(
      'Arrow keys choose a card, Enter opens it, Space selects it, Alt with Left or Right moves it, M lists its targets.',
    ),
    marks: markShapes(),
  };
}
