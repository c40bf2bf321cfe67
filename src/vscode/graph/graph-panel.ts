import * as vscode from 'vscode';
import { NONE } from '../../core/graph/scope.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import { type Filter, type GraphProtocol, graphProtocol, type Loaded } from '../../webviews/graph/protocol.ts';
import type { InputOf } from '../../webviews/kit/protocol.ts';
import { pageTypes } from '../contributions.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import { projectsIn } from '../folders/names.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { EditorPage } from '../pages/editor-page.ts';
import type { PageContext } from '../pages/page.ts';
import { Reloads } from '../pages/reloads.ts';
import { saveAs } from '../pages/save-as.ts';
import { l10n } from '../present/l10n.ts';
import { chooseDependency } from './choose-dependency.ts';
import { fileNodes, type MarkOf, placedScene } from './scene.ts';
import { graphWords } from './words.ts';

/** Milliseconds between two loads while tasks change. */
const RELOAD_MS = 500;

/** The graph page: dependencies and parents of the tasks of a folder, kept up to date while it is visible. */
export class GraphPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly page: EditorPage<GraphProtocol>;
  private readonly reloads: Reloads;
  /** The scope that the page takes over when it has loaded. */
  private wanted: Filter | undefined;

  constructor(context: PageContext, folders: TaskFolders) {
    this.folders = folders;
    this.page = new EditorPage(context, {
      viewType: pageTypes.graph,
      name: 'graph',
      title: l10n.t('Task Graph'),
      protocol: graphProtocol,
      handlers: {
        words: graphWords,
        load: (filter) => this.reloads.load((open) => this.load(open, filter)),
        openTask: async ({ folder, task }) => {
          await vscode.commands.executeCommand('systemprompt.task.open', task, folder);
          return null;
        },
        addDependency: async ({ folder, task, dependsOn }) => {
          await operate(this.folder(folder), 'task.add-dependency', { task, dependsOn: [dependsOn] });
          return null;
        },
        removeDependency: async ({ folder, task, dependsOn }) => {
          await operate(this.folder(folder), 'task.remove-dependency', { task, dependsOn });
          return null;
        },
        chooseDependency: async ({ folder, task, change }) => {
          await chooseDependency(this.folder(folder), task, change);
          return null;
        },
        exportPicture: (wish) => this.exportPicture(wish),
      },
    });
    this.reloads = new Reloads(folders, {
      pauseMs: RELOAD_MS,
      isVisible: () => this.page.isVisible,
      reload: () => this.page.emit('changed', {}),
    });
  }

  /** Shows the page; with a task, its neighbourhood. */
  show(scope?: { readonly folder: TaskFolder; readonly task: string }): void {
    if (scope !== undefined) {
      this.wanted = { folder: scope.folder.path, project: '', phase: '', task: scope.task, detail: 'auto' };
    }
    this.page.show();
    if (this.wanted !== undefined) this.page.emit('scope', this.wanted);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    return this.page.deserializeWebviewPanel(panel);
  }

  dispose(): void {
    this.reloads.dispose();
    this.page.dispose();
  }

  /** @throws Error if the folder is no longer open */
  private folder(path: string): TaskFolder {
    const folder = this.folders.find(path);
    if (folder === undefined) throw new Error(l10n.t('This folder is no longer open.'));
    return folder;
  }

  private load(open: readonly TaskFolder[], given: Filter): Loaded {
    const folders = open.map(({ path, name }) => ({ path, name: sanitizeLine(name) }));
    // A page that was hidden or not yet loaded missed the event.
    const asked = this.wanted ?? given;
    this.wanted = undefined;
    const folder = open.find(({ path }) => path === asked.folder) ?? open[0];
    const view = folder?.host?.store.view;
    if (folder === undefined || view === undefined) {
      return { folders, projects: [], loose: false, wish: asked, filter: asked, scopeName: '', scene: null };
    }
    const projects = projectsIn(view.all());
    const loose = [...view.all()].some(({ project }) => project === undefined);
    const known = asked.project === NONE ? loose : projects.includes(asked.project);
    const project = known ? asked.project : '';
    const named = view.byId(asked.task) ?? view.byId(asked.phase);
    const task = view.byId(asked.task) === undefined ? '' : asked.task;
    const phase = project === '' || (asked.phase !== NONE && named === undefined) ? '' : asked.phase;
    const filter: Filter = { ...asked, folder: folder.path, project, phase, task };
    const scene = placedScene(view, filter, marksOf(folder));
    return {
      folders,
      projects,
      loose,
      wish: asked,
      filter,
      scopeName: task === '' && phase === '' ? '' : scopeName(named),
      scene: scene.total === 0 && project === '' ? null : scene,
    };
  }

  private async exportPicture({ filter, format }: InputOf<GraphProtocol, 'exportPicture'>): Promise<null> {
    const folder = this.folder(filter.folder);
    const { store } = await folder.ready();
    const nodes = fileNodes(store.view, filter, marksOf(folder));
    const [{ drawSvg }, { drawPng }] = await Promise.all([
      import('../../core/graph/draw-svg.ts'),
      import('../../operations/graph/png/draw-png.ts'),
    ]);
    const bytes = format === 'svg' ? new TextEncoder().encode(drawSvg(nodes)) : drawPng(nodes).bytes;
    await saveAs({ name: `task-graph.${format}`, title: l10n.t('Export Graph'), bytes });
    return null;
  }
}

function marksOf(folder: TaskFolder): MarkOf {
  const now = Date.now();
  return (task) => folderStanding(folder, task, now).kind;
}

function scopeName(task: { readonly number: number; readonly title: string } | undefined): string {
  return task === undefined ? l10n.t('No phase') : `#${task.number} ${visible(sanitizeLine(task.title))}`;
}
