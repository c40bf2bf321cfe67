import * as vscode from 'vscode';
import { deletedName } from '../../core/task/dependencies.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { statusWord } from '../present/words.ts';

type Item = vscode.QuickPickItem & { readonly dependsOn: string };

/** Adds or removes a dependency that the person chooses from a list: the keyboard twin of dragging. */
export async function chooseDependency(folder: TaskFolder, id: string, change: 'add' | 'remove'): Promise<void> {
  const { view } = (await folder.ready()).store;
  const task = view.byId(id);
  if (task === undefined) throw new Error(l10n.t('The task was deleted.'));
  const items = change === 'add' ? possible(task, view) : present(task, view);
  const number = task.number;
  if (items.length === 0) {
    const none =
      change === 'add'
        ? l10n.t('#{0} can wait for no other task.', number)
        : l10n.t('#{0} has no dependencies.', number);
    void vscode.window.showInformationMessage(none);
    return;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: change === 'add' ? l10n.t('#{0} waits for', number) : l10n.t('Remove a dependency of #{0}', number),
    placeHolder: l10n.t('Choose a task (type to search)'),
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  const { dependsOn } = chosen;
  if (change === 'add') await operate(folder, 'task.add-dependency', { task: id, dependsOn: [dependsOn] });
  else await operate(folder, 'task.remove-dependency', { task: id, dependsOn });
}

/** Tasks that do not wait for this one: no choice closes a cycle. */
function possible(task: TaskRecord, view: StoreView): Item[] {
  const excluded = new Set<string>([task.id, ...task.depends_on]);
  const waiting = [task];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const dependent of view.dependents(next.id)) {
      if (excluded.has(dependent.id)) continue;
      excluded.add(dependent.id);
      waiting.push(dependent);
    }
  }
  const others = [...view.all()].filter(({ id }) => !excluded.has(id)).sort((a, b) => a.number - b.number);
  return others.map(itemOf);
}

function present(task: TaskRecord, view: StoreView): Item[] {
  return task.depends_on.map((id) => {
    const other = view.dependency(id);
    return other === undefined ? { label: deletedName(task, id), dependsOn: id } : itemOf(other);
  });
}

function itemOf({ id, number, title, status }: TaskRecord): Item {
  return { label: `#${number} ${sanitizeLine(title)}`, description: statusWord(status), dependsOn: id };
}
