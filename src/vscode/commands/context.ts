import type * as vscode from 'vscode';
import type { Logger } from '../../core/logger.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { TaskLogs } from '../logs/task-logs.ts';
import type { MetricsPanel } from '../metrics/metrics-panel.ts';
import type { Lazy } from '../pages/lazy.ts';
import type { RequestDocuments } from '../requests/request-documents.ts';
import type { ReviewDocuments } from '../reviews/review-documents.ts';
import type { TaskTabs } from '../task/task-tabs.ts';
import type { TasksView } from '../tree/tasks-view.ts';
import type { TreeProvider } from '../tree/tree-provider.ts';

/** The context of commands; made once, passed first. */
export interface CommandContext {
  readonly folders: TaskFolders;
  readonly pending: PendingApprovals;
  readonly provider: TreeProvider;
  readonly view: TasksView;
  readonly logs: TaskLogs;
  readonly requests: RequestDocuments;
  readonly reviews: ReviewDocuments;
  readonly metrics: Lazy<MetricsPanel>;
  readonly tasks: Lazy<TaskTabs>;
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
