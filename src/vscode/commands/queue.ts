import * as vscode from 'vscode';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { isTreeNode } from '../tree/node.ts';
import type { Handler } from './context.ts';

/** Plays the queue of a folder: that of the row, the only possible one, or those that the person chooses. */
export const playQueue: Handler = async ({ folders }, args) => {
  const possible = folders.all.filter(({ state, isPlaying }) => state.kind !== 'absent' && !isPlaying);
  for (const folder of await chosen(possible, args, l10n.t('Play the queue of'))) {
    await operate(folder, 'queue.play', {});
  }
};

export const pauseQueue: Handler = async ({ folders }, args) => {
  const possible = folders.all.filter(({ isPlaying }) => isPlaying);
  for (const folder of await chosen(possible, args, l10n.t('Pause the queue of'))) {
    await operate(folder, 'queue.pause', {});
  }
};

async function chosen(
  possible: readonly TaskFolder[],
  [row]: readonly unknown[],
  title: string,
): Promise<readonly TaskFolder[]> {
  if (isTreeNode(row) && row.kind === 'folder') return [row.folder];
  if (possible.length < 2) return possible;
  const items = [
    { label: l10n.t('All Folders'), folders: possible },
    ...possible.map((folder) => ({ label: folder.name, description: folder.path, folders: [folder] })),
  ];
  return (await vscode.window.showQuickPick(items, { title }))?.folders ?? [];
}
