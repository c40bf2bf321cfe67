import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import { type MetricsProtocol, metricsProtocol } from '../../webviews/metrics/protocol.ts';
import { pageTypes } from '../contributions.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { EditorPage } from '../pages/editor-page.ts';
import type { PageContext } from '../pages/page.ts';
import { l10n } from '../present/l10n.ts';
import { metricsWords } from './words.ts';

/** Milliseconds between two loads while tasks change. */
const RELOAD_MS = 1_000;
/** The page loads for at most a tenth of the time, however many tasks there are. */
const REST = 10;

/** The metrics page: how the tasks of a folder went, kept up to date while it is visible. */
export class MetricsPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly page: EditorPage<MetricsProtocol>;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private lastLoadMs = 0;

  constructor(context: PageContext, folders: TaskFolders) {
    this.folders = folders;
    this.page = new EditorPage(context, {
      viewType: pageTypes.metrics,
      name: 'metrics',
      title: l10n.t('Task Metrics'),
      protocol: metricsProtocol,
      handlers: {
        words: metricsWords,
        load: (filter) => this.load(filter),
        openTask: async ({ folder, task }) => {
          await vscode.commands.executeCommand('systemprompt.task.open', task, folder);
          return null;
        },
        exportCsv: (file) => saveCsv(file),
      },
    });
    this.subscriptions = [
      this.page,
      folders.onDidChange(() => this.schedule()),
      folders.onDidChangeTask(() => this.schedule()),
    ];
  }

  show(): void {
    this.page.show();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    return this.page.deserializeWebviewPanel(panel);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
  }

  private schedule(): void {
    if (!this.page.isVisible) return;
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.page.emit('changed', {});
      },
      Math.max(RELOAD_MS, this.lastLoadMs * REST),
    );
  }

  private async load(filter: InputOf<MetricsProtocol, 'load'>): Promise<OutputOf<MetricsProtocol, 'load'>> {
    const started = performance.now();
    await Promise.all(this.folders.all.map((folder) => folder.settled()));
    const withTasks = this.folders.all.filter(({ host }) => host !== undefined);
    const folders = withTasks.map(({ path, name }) => ({ path, name: sanitizeLine(name) }));
    const folder = withTasks.find(({ path }) => path === filter.folder) ?? withTasks[0];
    if (folder === undefined) return { folders, projects: [], filter, metrics: null };
    const projects = projectsOf(folder);
    const project = projects.includes(filter.project) ? filter.project : '';
    const { range, archived } = filter;
    const found = await operate(folder, 'metrics', { ...(project === '' ? {} : { project }), range, archived });
    this.lastLoadMs = performance.now() - started;
    return {
      folders,
      projects,
      filter: { folder: folder.path, project, range, archived },
      metrics: {
        ...found,
        by_agent: found.by_agent.map((each) => ({ ...each, agent: sanitizeLine(each.agent) })),
        bottlenecks: found.bottlenecks.map((each) => ({
          ...each,
          task_title: visible(sanitizeLine(each.task_title)),
          issue: sanitizeLine(each.issue),
        })),
      },
    };
  }
}

function projectsOf({ host }: TaskFolder): string[] {
  const names = new Set<string>();
  for (const { project } of host?.store.view.all() ?? []) if (project !== undefined) names.add(project);
  return [...names].sort((a, b) => a.localeCompare(b));
}

/** Writes only to the file that the person chooses. */
async function saveCsv({ name, csv }: InputOf<MetricsProtocol, 'exportCsv'>): Promise<null> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const file = `${name.replace(/[^\w-]/g, '-')}.csv`;
  const uri = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, file) }),
    filters: { CSV: ['csv'] },
    title: l10n.t('Export Metrics'),
  });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(csv));
  return null;
}
