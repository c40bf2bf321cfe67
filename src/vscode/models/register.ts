import * as vscode from 'vscode';
import { EDITOR_MODEL_NAME } from '../../core/editor-model/name.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { Lazy } from '../pages/lazy.ts';
import type { EditorModels } from './editor-models.ts';

const open = ['pending', 'paused', 'in_progress', 'completed_active'] as const;

/** Offers the models of the editor once a folder has a task for them: asking for models starts other extensions. */
export function offerOnUse(folders: TaskFolders, models: Lazy<EditorModels>): vscode.Disposable {
  let offered = false;
  const checked = new Set<string>();
  const offer = (): void => {
    offered = true;
    // After `dispose` there is nothing to offer.
    void models.get().catch(() => {});
  };
  const offerIfNeeded = (): void => {
    for (const { path, host } of offered ? [] : folders.all) {
      if (host === undefined || checked.has(path)) continue;
      checked.add(path);
      if (hasTask(host.store.view)) offer();
    }
  };
  offerIfNeeded();
  return vscode.Disposable.from(
    folders.onDidChange(offerIfNeeded),
    folders.onDidChangeTask(({ task }) => {
      if (!offered && task?.tool === EDITOR_MODEL_NAME) offer();
    }),
  );
}

function hasTask(view: StoreView): boolean {
  return open.some((status) => [...view.byStatus(status)].some(({ tool }) => tool === EDITOR_MODEL_NAME));
}
