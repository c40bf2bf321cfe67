import * as vscode from 'vscode';
import { linkedTask } from '../../core/task/task-link.ts';
import type { CommandId } from '../contributions.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { closedFolderText } from '../present/notice-text.ts';

const open: CommandId = 'systemprompt.task.open';

/** Characters of a terminal line in which links are searched. */
const LINE_CHARS = 2_000;
const LINKS = 20;

interface TaskLink extends vscode.TerminalLink {
  readonly task: string;
}

/** Opens the page of a task from a link of another program, and from `task #12` in a terminal. */
export class TaskLinks implements vscode.UriHandler, vscode.TerminalLinkProvider<TaskLink>, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly registered: vscode.Disposable;

  constructor(folders: TaskFolders) {
    this.folders = folders;
    this.registered = vscode.Disposable.from(
      vscode.window.registerUriHandler(this),
      vscode.window.registerTerminalLinkProvider(this),
    );
  }

  async handleUri({ path, query }: vscode.Uri): Promise<void> {
    const linked = linkedTask(path, query);
    if (linked === undefined) {
      void vscode.window.showWarningMessage(l10n.t('The link names no task.'));
      return;
    }
    const { task, folder } = linked;
    // A link opens no folder: the person decides which folders a window trusts.
    if (folder !== undefined && this.folders.find(folder) === undefined) {
      void vscode.window.showWarningMessage(closedFolderText(folder));
      return;
    }
    await vscode.commands.executeCommand(open, task, folder);
  }

  provideTerminalLinks({ line }: vscode.TerminalLinkContext): TaskLink[] {
    if (this.folders.all.every(({ state }) => state.kind === 'absent')) return [];
    const found = [...line.slice(0, LINE_CHARS).matchAll(/\btask #(\d{1,9})\b/gi)].slice(0, LINKS);
    return found.map(({ index, 0: { length }, 1: task = '' }) => ({
      startIndex: index,
      length,
      tooltip: l10n.t('Open the task'),
      task,
    }));
  }

  async handleTerminalLink({ task }: TaskLink): Promise<void> {
    await vscode.commands.executeCommand(open, task);
  }

  dispose(): void {
    this.registered.dispose();
  }
}
