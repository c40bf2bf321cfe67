import * as vscode from 'vscode';
import { savedPlanSchema } from '../../webviews/plan/protocol.ts';
import { pageTypes } from '../contributions.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { PageContext } from '../pages/page.ts';
import { headingOf, type PlanOrigin, parseOrigin } from './plan-origin.ts';
import { PlanTab } from './plan-tab.ts';

/** The tabs with plans. Each reads its source again after a reload of the window, and keeps the person's changes. */
export class PlanTabs implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly context: PageContext;
  private readonly folders: TaskFolders;
  private readonly showTask: (folder: TaskFolder, id: string) => Promise<void>;
  private readonly tabs = new Set<PlanTab>();

  constructor(context: PageContext, folders: TaskFolders, showTask: (folder: TaskFolder, id: string) => Promise<void>) {
    this.context = context;
    this.folders = folders;
    this.showTask = showTask;
  }

  show(folder: TaskFolder, origin: PlanOrigin): void {
    this.add(
      vscode.window.createWebviewPanel(pageTypes.plan, headingOf(origin), vscode.ViewColumn.Active),
      folder,
      origin,
    );
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = savedPlanSchema.safeParse(state).data;
    const folder = saved === undefined ? undefined : this.folders.find(saved.folder);
    const origin = saved === undefined ? undefined : parseOrigin(saved.origin);
    if (folder === undefined || origin === undefined) panel.dispose();
    else this.add(panel, folder, origin);
  }

  dispose(): void {
    for (const tab of [...this.tabs]) tab.dispose();
  }

  private add(panel: vscode.WebviewPanel, folder: TaskFolder, origin: PlanOrigin): void {
    const tab: PlanTab = new PlanTab({
      panel,
      context: this.context,
      folder,
      origin,
      show: this.showTask,
      closed: () => this.tabs.delete(tab),
    });
    this.tabs.add(tab);
  }
}
