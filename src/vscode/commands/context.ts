import type * as vscode from 'vscode';
import type { Logger } from '../../core/logger.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { BoardPanel } from '../board/board-panel.ts';
import type { PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { GraphPanel } from '../graph/graph-panel.ts';
import type { TaskLogs } from '../logs/task-logs.ts';
import type { MetricsPanel } from '../metrics/metrics-panel.ts';
import type { EditorModels } from '../models/editor-models.ts';
import type { Lazy } from '../pages/lazy.ts';
import type { PlanTabs } from '../plans/plan-tabs.ts';
import type { RaceTabs } from '../race/race-tabs.ts';
import type { RequestDocuments } from '../requests/request-documents.ts';
import type { Reviews } from '../reviews/reviews.ts';
import type { NewTaskTabs } from '../task/new-task-tabs.ts';
import type { TaskTabs } from '../task/task-tabs.ts';
import type { SavedArrangement } from '../tree/saved-arrangement.ts';
import type { TasksView } from '../tree/tasks-view.ts';
import type { TreeProvider } from '../tree/tree-provider.ts';

/** The context of commands; created once, passed first. */
export interface CommandContext {
  readonly folders: TaskFolders;
  readonly pending: PendingApprovals;
  readonly provider: TreeProvider;
  readonly view: TasksView;
  readonly arrangement: SavedArrangement;
  readonly logs: TaskLogs;
  readonly requests: RequestDocuments;
  readonly reviews: Lazy<Reviews>;
  readonly board: Lazy<BoardPanel>;
  readonly metrics: Lazy<MetricsPanel>;
  readonly graph: Lazy<GraphPanel>;
  readonly tasks: Lazy<TaskTabs>;
  readonly newTasks: Lazy<NewTaskTabs>;
  readonly plans: Lazy<PlanTabs>;
  readonly races: Lazy<RaceTabs>;
  readonly models: Lazy<EditorModels>;
  readonly secrets: vscode.SecretStorage;
  readonly output: vscode.LogOutputChannel;
  readonly logger: Logger;
}

/** A task that a command is about. */
export interface TaskTarget {
  readonly folder: TaskFolder;
  readonly task: TaskRecord;
}

/** One command. `args` comes from the caller: rows, links, names, or nothing. */
export type Handler = (context: CommandContext, args: readonly unknown[]) => Promise<void>;
