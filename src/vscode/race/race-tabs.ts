import * as vscode from 'vscode';
import { savedRaceSchema } from '../../webviews/race/protocol.ts';
import { pageTypes } from '../contributions.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { PageContext } from '../pages/page.ts';
import { l10n } from '../present/l10n.ts';
import { RaceTab, type ShownRace } from './race-tab.ts';

/** The tabs that compare the entrants of races, one for each race. */
export class RaceTabs implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly context: PageContext;
  private readonly folders: TaskFolders;
  private readonly tabs = new Set<RaceTab>();

  constructor(context: PageContext, folders: TaskFolders) {
    this.context = context;
    this.folders = folders;
  }

  show(shown: ShownRace): void {
    const tab = [...this.tabs].find((each) => each.shows(shown));
    if (tab !== undefined) tab.reveal();
    else this.add(vscode.window.createWebviewPanel(pageTypes.race, l10n.t('Race'), vscode.ViewColumn.Active), shown);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = savedRaceSchema.safeParse(state).data;
    const folder = saved === undefined ? undefined : this.folders.find(saved.folder);
    if (saved === undefined || folder === undefined) panel.dispose();
    else this.add(panel, { folder, id: saved.id });
  }

  dispose(): void {
    for (const tab of [...this.tabs]) tab.dispose();
  }

  private add(panel: vscode.WebviewPanel, { folder, id }: ShownRace): void {
    const tab: RaceTab = new RaceTab({
      panel,
      context: this.context,
      folders: this.folders,
      folder,
      id,
      closed: () => this.tabs.delete(tab),
    });
    this.tabs.add(tab);
  }
}
