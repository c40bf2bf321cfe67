import * as vscode from 'vscode';
import { savedDraftSchema, type Texts } from '../../webviews/new-task/protocol.ts';
import { pageTypes } from '../contributions.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { PageContext } from '../pages/page.ts';
import { l10n } from '../present/l10n.ts';
import { NewTaskTab } from './new-task-tab.ts';

/** The tabs with forms for new tasks. Each keeps its texts over a reload of the window. */
export class NewTaskTabs implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly context: PageContext;
  private readonly folders: TaskFolders;
  private readonly created: (folder: TaskFolder, id: string) => Promise<void>;
  private readonly tabs = new Set<NewTaskTab>();

  constructor(context: PageContext, folders: TaskFolders, created: (folder: TaskFolder, id: string) => Promise<void>) {
    this.context = context;
    this.folders = folders;
    this.created = created;
  }

  show(folder: TaskFolder, texts: Partial<Texts>): void {
    const panel = vscode.window.createWebviewPanel(pageTypes.newTask, l10n.t('New Task'), vscode.ViewColumn.Active);
    this.add(panel, folder, { title: '', description: '', instructions: '', acceptance: '', ...texts });
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = savedDraftSchema.safeParse(state).data;
    const folder = saved === undefined ? undefined : this.folders.find(saved.folder);
    if (saved === undefined || folder === undefined) panel.dispose();
    else this.add(panel, folder, saved.texts, saved.fields);
  }

  dispose(): void {
    for (const tab of [...this.tabs]) tab.dispose();
  }

  private add(panel: vscode.WebviewPanel, folder: TaskFolder, texts: Texts, fields?: string): void {
    const tab: NewTaskTab = new NewTaskTab({
      panel,
      context: this.context,
      folder,
      texts,
      fields,
      created: this.created,
      closed: () => this.tabs.delete(tab),
    });
    this.tabs.add(tab);
  }
}
