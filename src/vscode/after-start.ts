import * as vscode from 'vscode';
import type { Logger } from '../core/logger.ts';
import { McpServers } from './assistants/mcp-servers.ts';
import { chatParticipant } from './contributions.ts';
import { registerCreateActions } from './create/register.ts';
import { StatusBar } from './feedback/status-bar.ts';
import type { NeedingTasks } from './folders/needing-tasks.ts';
import type { PendingApprovals } from './folders/pending-approvals.ts';
import type { TaskFolders } from './folders/task-folders.ts';
import { TaskLinks } from './links/task-links.ts';
import type { EditorModels } from './models/editor-models.ts';
import { offerOnUse } from './models/register.ts';
import type { Lazy } from './pages/lazy.ts';
import { ApprovalNotice } from './requests/approval-notice.ts';
import { BudgetNotice } from './requests/budget-notice.ts';
import { OutcomeNotice } from './requests/outcome-notice.ts';
import { TasksNotice } from './requests/tasks-notice.ts';
import { MachineSettings } from './settings/machine-settings.ts';

/** The parts of the window that `registerAfterStart` needs. */
export interface AfterStart {
  readonly extension: vscode.ExtensionContext;
  readonly folders: TaskFolders;
  readonly pending: PendingApprovals;
  readonly needing: NeedingTasks;
  readonly models: Lazy<EditorModels>;
  readonly logger: Logger;
}

/** Registers everything that no first row needs: status bar, notifications, links, the chat, and offers to other extensions. */
export function registerAfterStart({
  extension,
  folders,
  pending,
  needing,
  models,
  logger,
}: AfterStart): vscode.Disposable {
  const { version } = extension.extension.packageJSON as { version: string };
  return vscode.Disposable.from(
    new StatusBar(folders, needing),
    registerCreateActions(),
    new ApprovalNotice(pending),
    new BudgetNotice(folders),
    new OutcomeNotice(folders),
    new TasksNotice(folders),
    new McpServers(folders, extension.asAbsolutePath('dist/cli.cjs'), version),
    new TaskLinks(folders),
    new MachineSettings(folders, logger),
    offerOnUse(folders, models),
    vscode.chat.createChatParticipant(chatParticipant, async (request, _context, stream, token) => {
      const { answer } = await import('./chat/handler.ts');
      await answer(folders, request, stream, token);
    }),
  );
}
