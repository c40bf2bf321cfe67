import * as vscode from 'vscode';
import type { MetricName } from '../../core/metrics/spend.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import { type MetricsProtocol, metricsProtocol } from '../../webviews/metrics/protocol.ts';
import { pageTypes } from '../contributions.ts';
import { projectsIn } from '../folders/names.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { EditorPage } from '../pages/editor-page.ts';
import type { PageContext } from '../pages/page.ts';
import { Reloads } from '../pages/reloads.ts';
import { saveAs } from '../pages/save-as.ts';
import { l10n } from '../present/l10n.ts';
import { healthOf } from './health.ts';
import { metricsWords } from './words.ts';
import { workerRows } from './worker-rows.ts';

/** Milliseconds between two loads while tasks change. */
const RELOAD_MS = 1_000;
/** Milliseconds between two loads while no task changes: workers come and go without a change of a task. */
const WORKERS_MS = 15_000;
/** Tasks of a comparison at most. */
const COMPARED = 50;

/** The metrics page: how the tasks of a folder went, kept up to date while it is visible. */
export class MetricsPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly page: EditorPage<MetricsProtocol>;
  private readonly reloads: Reloads;
  private next: NodeJS.Timeout | undefined;

  constructor(context: PageContext, folders: TaskFolders) {
    this.folders = folders;
    this.page = new EditorPage(context, {
      viewType: pageTypes.metrics,
      name: 'metrics',
      title: l10n.t('Task Metrics'),
      protocol: metricsProtocol,
      handlers: {
        words: metricsWords,
        load: (filter) => this.reloads.load((open) => this.load(open, filter)),
        openTask: async ({ folder, task }) => {
          await vscode.commands.executeCommand('systemprompt.task.open', task, folder);
          return null;
        },
        exportCsv: async ({ name, csv }) => {
          await save(`${name}.csv`, new TextEncoder().encode(csv));
          return null;
        },
        exportPng: async ({ name, base64 }) => {
          await save(`${name}.png`, Buffer.from(base64, 'base64'));
          return null;
        },
        compare: (wish) => this.compare(wish),
      },
    });
    this.reloads = new Reloads(folders, {
      pauseMs: RELOAD_MS,
      isVisible: () => this.page.isVisible,
      reload: () => this.page.emit('changed', {}),
    });
  }

  show(): void {
    this.page.show();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    return this.page.deserializeWebviewPanel(panel);
  }

  dispose(): void {
    clearTimeout(this.next);
    this.reloads.dispose();
    this.page.dispose();
  }

  private async load(
    open: readonly TaskFolder[],
    filter: InputOf<MetricsProtocol, 'load'>,
  ): Promise<OutputOf<MetricsProtocol, 'load'>> {
    const folders = open.map(({ path, name }) => ({ path, name: sanitizeLine(name) }));
    const folder = open.find(({ path }) => path === filter.folder) ?? open[0];
    if (folder === undefined) return { folders, projects: [], filter, metrics: null, health: null };
    const shared = folder.host?.store.coordination.isShared === true;
    clearTimeout(this.next);
    if (shared) this.next = setTimeout(() => this.reloads.schedule(), WORKERS_MS);
    const projects = projectsIn(folder.host?.store.view.all() ?? []);
    const project = projects.includes(filter.project) ? filter.project : '';
    const { range, archived } = filter;
    const found = await operate(folder, 'metrics', { ...(project === '' ? {} : { project }), range, archived });
    // The size of files takes time, and files have the workers of this machine only.
    const workers = shared ? (await operate(folder, 'status', {})).workers : [];
    const health = { ...healthOf(await operate(folder, 'queue.status', {})), workers: workerRows(workers) };
    return {
      folders,
      projects,
      filter: { folder: folder.path, project, range, archived },
      metrics: {
        ...found,
        by_project: found.by_project.map((each) => ({
          ...each,
          project: each.project === null ? null : visible(sanitizeLine(each.project)),
        })),
        by_label: found.by_label.map((each) => ({ ...each, label: visible(sanitizeLine(each.label)) })),
        by_agent: found.by_agent.map((each) => ({ ...each, agent: sanitizeLine(each.agent) })),
        bottlenecks: found.bottlenecks.map((each) => ({
          ...each,
          task_title: visible(sanitizeLine(each.task_title)),
          issue: sanitizeLine(each.issue),
        })),
      },
      health,
    };
  }

  /** @throws TaskError `InvalidInput` for a filter or a metric that does not exist */
  private async compare({
    folder,
    filter,
    metric,
  }: InputOf<MetricsProtocol, 'compare'>): Promise<OutputOf<MetricsProtocol, 'compare'>> {
    const place = this.folders.find(folder);
    if (place === undefined) throw new Error(l10n.t('This folder is no longer open.'));
    const { tasks, total } = await operate(place, 'task.compare', {
      filter,
      metric: metric as MetricName,
      limit: COMPARED,
    });
    return { tasks: tasks.map((task) => ({ ...task, title: visible(sanitizeLine(task.title)) })), total };
  }
}

/** Writes only to the file that the person chooses. */
function save(name: string, bytes: Uint8Array): Promise<void> {
  return saveAs({ name: name.replace(/[^\w.-]/g, '-'), title: l10n.t('Export Metrics'), bytes });
}
