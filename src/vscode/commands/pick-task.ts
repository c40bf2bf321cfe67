import * as vscode from 'vscode';
import { firstOf } from '../../core/first-of.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { taskStatuses } from '../../core/task/values.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import { l10n } from '../present/l10n.ts';
import { groupOrder } from '../present/order.ts';
import { taskRow } from '../present/task-row.ts';
import { statusWord } from '../present/words.ts';
import type { CommandContext, TaskTarget } from './context.ts';

/** Rows of the list; the person narrows it down by typing, which searches all tasks. */
const SHOWN = 100;

type Item = vscode.QuickPickItem & { readonly target: TaskTarget };

/** Offers the matching tasks. Undefined if the person cancels. Shows a message if no task matches. */
export async function pickTask(
  context: CommandContext,
  fits: (task: TaskRecord) => boolean,
  what: string,
): Promise<TaskTarget | undefined> {
  const open = context.folders.all.filter((folder) => folder.state.kind !== 'absent');
  await Promise.all(open.map((folder) => folder.ready()));
  if (itemsOf(context, fits, '').length === 0) {
    void vscode.window.showInformationMessage(l10n.t('No matching task: {0}.', what));
    return undefined;
  }
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = what;
  pick.placeholder = l10n.t('Choose a task (type to search)');
  pick.matchOnDescription = true;
  pick.items = itemsOf(context, fits, '');
  return new Promise((resolve) => {
    pick.onDidChangeValue((value) => {
      pick.items = itemsOf(context, fits, value);
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.target);
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemsOf(context: CommandContext, fits: (task: TaskRecord) => boolean, search: string): Item[] {
  const words = search.toLowerCase().split(/\s+/);
  const several = context.folders.all.length > 1;
  const items: Item[] = [];
  for (const status of taskStatuses) {
    for (const folder of context.folders.all) {
      const tasks = folder.host?.store.view.byStatus(status) ?? [];
      const found = firstOf(
        only(tasks, (task) => fits(task) && hasWords(task, words)),
        SHOWN - items.length,
        groupOrder(status),
      );
      for (const task of found) {
        const { label, description } = taskRow(task, {
          now: Date.now(),
          standing: folderStanding(folder, task, Date.now()),
        });
        const where = several ? ` · ${folder.name}` : '';
        items.push({
          label,
          description: `${statusWord(status)} · ${description}${where}`,
          target: { folder, task },
          alwaysShow: true,
        });
      }
    }
  }
  return items;
}

function* only<T>(items: Iterable<T>, test: (item: T) => boolean): Iterable<T> {
  for (const item of items) if (test(item)) yield item;
}

function hasWords(task: TaskRecord, words: readonly string[]): boolean {
  const label = `#${task.number} ${task.title}`.toLowerCase();
  return words.every((word) => label.includes(word));
}
