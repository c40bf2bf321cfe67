import * as vscode from 'vscode';
import { parseViewFilter } from '../../core/task/view-filter.ts';
import { errorText } from '../feedback/errors.ts';
import { l10n } from '../present/l10n.ts';
import { groupingWord, sortingWord } from '../present/words.ts';
import { groupings, sortings } from '../tree/arrangement.ts';
import type { Handler } from './context.ts';

/** Chooses the groups of the Tasks view. */
export const groupTasks: Handler = async ({ arrangement }) => {
  const group = await pick(groupings, groupingWord, arrangement.current.group, l10n.t('Group tasks by'));
  if (group !== undefined) await arrangement.set({ group });
};

/** Chooses the order of the tasks in each group. */
export const sortTasks: Handler = async ({ arrangement }) => {
  const sort = await pick(sortings, sortingWord, arrangement.current.sort, l10n.t('Sort tasks by'));
  if (sort !== undefined) await arrangement.set({ sort });
};

/** Asks for a filter, and reports an invalid one while the person types. An empty text removes the filter. */
export const filterTasks: Handler = async ({ arrangement }) => {
  const filter = await vscode.window.showInputBox({
    title: l10n.t('Filter Tasks'),
    prompt: l10n.t('Words, or fields: agent:codex label:api project:web status:failed is:blocked'),
    value: arrangement.current.filter,
    validateInput: (text) => {
      try {
        parseViewFilter(text);
        return undefined;
      } catch (error) {
        return errorText(error);
      }
    },
  });
  if (filter !== undefined) await arrangement.set({ filter: filter.trim() });
};

export const clearFilter: Handler = async ({ arrangement }) => arrangement.set({ filter: '' });

async function pick<T extends string>(
  values: readonly T[],
  word: (value: T) => string,
  current: T,
  title: string,
): Promise<T | undefined> {
  const items = values.map((value) => ({
    label: word(value),
    value,
    ...(value === current ? { description: l10n.t('current') } : {}),
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.value;
}
