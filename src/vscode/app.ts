import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import { DisposableStack } from '../core/disposable.ts';
import type { ExtensionApi } from '../extension-api.ts';
import type { Host } from '../host.ts';
import { extensionApi } from './api.ts';
import { registerCommands } from './commands/handlers.ts';
import { pageTypes, savedComments, viewIds } from './contributions.ts';
import { channelLogger } from './feedback/output.ts';
import { NeedingTasks } from './folders/needing-tasks.ts';
import { PendingApprovals } from './folders/pending-approvals.ts';
import { TaskFolders } from './folders/task-folders.ts';
import { TaskLogs } from './logs/task-logs.ts';
import { Lazy } from './pages/lazy.ts';
import { registerPanels, registerView } from './pages/register.ts';
import { l10n } from './present/l10n.ts';
import { ContextKeys } from './register.ts';
import { RequestDocuments } from './requests/request-documents.ts';
import { ReviewDocuments } from './reviews/review-documents.ts';
import { SavedArrangement } from './tree/saved-arrangement.ts';
import { TasksView } from './tree/tasks-view.ts';
import { TreeProvider } from './tree/tree-provider.ts';

/**
 * The extension in one window: created synchronously, filled as the stores of its folders open, released in reverse
 * order.
 */
export class App {
  private readonly folders: TaskFolders;
  private readonly output: vscode.LogOutputChannel;
  private readonly releases = new DisposableStack();

  constructor(extension: vscode.ExtensionContext) {
    l10n.bind(vscode.l10n.t);
    const { releases } = this;
    const output = vscode.window.createOutputChannel('SystemPrompt Tasks', { log: true });
    const logger = channelLogger(output);
    const keys = releases.add(new ContextKeys());

    const openHost = async (folder: string): Promise<Host> => {
      const trusted = (): boolean => vscode.workspace.isTrusted;
      const started = performance.now();
      const host = await (await import('../host.ts')).openHost({
        startWorker: true,
        folder,
        logger,
        trusted,
        storePassword: async (address) => {
          const { StorePasswords } = await import('./folders/store-passwords.ts');
          return new StorePasswords(extension.secrets).get(address);
        },
        // Reading the user's name from git runs a program in the folder.
        actor: trusted() ? undefined : userInfo().username,
        workerCommand: { command: process.execPath, args: [extension.asAbsolutePath('dist/cli.cjs')] },
      });
      const { view, problems } = host.store;
      logger.info(`Opened ${folder}: ${view.size} tasks in ${Math.round(performance.now() - started)} ms.`);
      for (const problem of problems) logger.warn(problem);
      return host;
    };
    const folders = releases.add(new TaskFolders(openHost));
    const pending = releases.add(new PendingApprovals(folders));
    const needing = releases.add(new NeedingTasks(folders));
    const arrangement = releases.add(new SavedArrangement(extension.workspaceState));
    const provider = releases.add(new TreeProvider(folders, needing, arrangement));
    const view = releases.add(new TasksView(folders, pending, needing, provider, keys, arrangement));
    const requests = releases.add(new RequestDocuments(folders));
    const reviews = releases.add(
      new Lazy(async () => {
        const { Reviews } = await import('./reviews/reviews.ts');
        return new Reviews(folders, keys, extension.workspaceState);
      }),
    );
    releases.add(new ReviewDocuments(folders, () => void reviews.get()));
    if (extension.workspaceState.get(savedComments) !== undefined) void reviews.get();
    const logs = releases.add(new TaskLogs(folders, logger, extension.workspaceState));
    const pages = { extensionUri: extension.extensionUri, logger };
    const approvals = releases.add(
      new Lazy(async () => {
        const { ApprovalsView } = await import('./approvals/approvals-view.ts');
        return new ApprovalsView(pages, folders, pending);
      }),
    );
    const board = releases.add(
      new Lazy(async () => {
        const { BoardPanel } = await import('./board/board-panel.ts');
        return new BoardPanel(pages, folders, needing);
      }),
    );
    const metrics = releases.add(
      new Lazy(async () => {
        const { MetricsPanel } = await import('./metrics/metrics-panel.ts');
        return new MetricsPanel(pages, folders);
      }),
    );
    const graph = releases.add(
      new Lazy(async () => {
        const { GraphPanel } = await import('./graph/graph-panel.ts');
        return new GraphPanel(pages, folders);
      }),
    );
    const tasks = releases.add(
      new Lazy(async () => {
        const { TaskTabs } = await import('./task/task-tabs.ts');
        return new TaskTabs(pages, folders, pending);
      }),
    );
    const newTasks = releases.add(
      new Lazy(async () => {
        const { NewTaskTabs } = await import('./task/new-task-tabs.ts');
        return new NewTaskTabs(pages, folders, async (folder, id) => {
          (await tasks.get()).show({ folder, id });
          await view.show(folder, id);
        });
      }),
    );
    const plans = releases.add(
      new Lazy(async () => {
        const { PlanTabs } = await import('./plans/plan-tabs.ts');
        return new PlanTabs(pages, folders, (folder, id) => view.show(folder, id));
      }),
    );
    const races = releases.add(
      new Lazy(async () => {
        const { RaceTabs } = await import('./race/race-tabs.ts');
        return new RaceTabs(pages, folders);
      }),
    );
    const models = releases.add(
      new Lazy(async () => {
        const { EditorModels } = await import('./models/editor-models.ts');
        return new EditorModels(extension, folders, logger);
      }),
    );
    releases.add(registerView(viewIds.approvals, approvals));
    releases.add(registerPanels(pageTypes.board, board));
    releases.add(registerPanels(pageTypes.metrics, metrics));
    releases.add(registerPanels(pageTypes.task, tasks));
    releases.add(registerPanels(pageTypes.graph, graph));
    releases.add(registerPanels(pageTypes.newTask, newTasks));
    releases.add(registerPanels(pageTypes.plan, plans));
    releases.add(registerPanels(pageTypes.race, races));
    releases.add(
      registerCommands({
        folders,
        pending,
        provider,
        view,
        arrangement,
        logs,
        requests,
        reviews,
        board,
        metrics,
        graph,
        tasks,
        newTasks,
        plans,
        races,
        models,
        secrets: extension.secrets,
        output,
        logger,
      }),
    );
    void Promise.all(folders.all.map((folder) => folder.settled())).then(async () => {
      const { registerAfterStart } = await import('./after-start.ts');
      releases.add(registerAfterStart({ extension, folders, pending, needing, models, logger }));
    });
    this.folders = folders;
    this.output = output;
  }

  /** The API for other extensions. Resolves once the library is loaded. */
  api(): Promise<ExtensionApi> {
    return extensionApi(this.folders);
  }

  /** Releases everything; resolves when the stores are closed and their writes are on disk. */
  async close(): Promise<void> {
    this.releases.dispose();
    await this.folders.closed();
    // Last, because a store may still log while it closes.
    this.output.dispose();
  }
}
