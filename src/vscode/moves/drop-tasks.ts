import * as vscode from 'vscode';
import { errorText } from '../feedback/errors.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMessage } from '../present/markdown.ts';
import type { GroupKey } from '../tree/groups.ts';
import type { GroupNode, TaskNode, TreeNode } from '../tree/node.ts';
import { moveTasks } from './move-tasks.ts';
import { placeChoices } from './place-choices.ts';

/** A row of a task that is dragged. */
export interface DraggedTask {
  readonly task: string;
  readonly group: GroupKey;
  /** Path of the folder. */
  readonly folder: string;
}

/** Applies a drop: on a group the action that leads there, on a task the choice of the person. */
export async function dropTasks(rows: readonly DraggedTask[], target: TreeNode): Promise<void> {
  try {
    await drop(rows, target);
  } catch (error) {
    void vscode.window.showWarningMessage(plainMessage(errorText(error)));
  }
}

async function drop(rows: readonly DraggedTask[], target: TreeNode): Promise<void> {
  const onto = target.kind === 'approval' ? target.parent : target.kind === 'more' ? target.parent : target;
  if (rows.length === 0 || onto.kind === 'folder') return;
  const { folder } = (onto.kind === 'task' ? onto.group : onto).parent;
  if (rows.some((row) => row.folder !== folder.path)) {
    throw new Error(l10n.t('A task stays in its folder.'));
  }
  if (onto.kind === 'task') await dropOnTask(folder, rows, onto);
  else await dropOnGroup(folder, rows, onto);
}

async function dropOnGroup(folder: TaskFolder, rows: readonly DraggedTask[], { key }: GroupNode): Promise<void> {
  for (const [from, group] of Map.groupBy(rows, (row) => row.group)) {
    const ids = group.map(({ task }) => task);
    if (from !== key) await moveTasks(folder, ids, from, key);
  }
}

async function dropOnTask(folder: TaskFolder, rows: readonly DraggedTask[], { task: { id } }: TaskNode): Promise<void> {
  const { store } = await folder.ready();
  const onto = store.resolve(id);
  const tasks = rows.filter(({ task }) => task !== id).map(({ task }) => store.resolve(task));
  if (tasks.length === 0) return;
  const choices = placeChoices(tasks, onto, (other) => store.view.dependency(other));
  if (choices.length === 0) throw new Error(l10n.t('Neither a dependency nor a parent is possible here.'));
  const names = tasks.map(({ number }) => `#${number}`).join(', ');
  const chosen = await vscode.window.showQuickPick(choices, { title: names, placeHolder: l10n.t('Choose the effect') });
  if (chosen === undefined) return;
  for (const { id: task } of tasks) {
    if (chosen.change === 'wait') await operate(folder, 'task.add-dependency', { task, dependsOn: [id] });
    else await operate(folder, 'task.update', { task, ...chosen.change });
  }
}
