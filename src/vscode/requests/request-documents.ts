import * as vscode from 'vscode';
import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { shownWithin } from '../../core/task/work-path.ts';
import { pathWithin } from '../../core/text/path-within.ts';
import { requestScheme } from '../contributions.ts';
import type { PendingApproval } from '../folders/pending-approvals.ts';
import type { TaskChange } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { parseConfirmUri, parseRequestUri, type RequestPart, requestUri } from './request-uri.ts';

/**
 * The request of an agent in the editor: its changes as diffs, other requests as a read-only text. The documents are
 * virtual and derived from the task, so they can be reopened while the task exists.
 */
export class RequestDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(folders: TaskFolders) {
    this.folders = folders;
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(requestScheme, this),
      folders.onDidChangeTask((change) => this.follow(change)),
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const toConfirm = parseConfirmUri(uri);
    if (toConfirm !== undefined) return this.contentToConfirm(toConfirm);
    const request = parseRequestUri(uri);
    const found = request === undefined ? undefined : this.find(request);
    if (request === undefined || found === undefined) return l10n.t('The task of this request was deleted.');
    if (request.part === 'text') {
      const { approvalText } = await import('../present/approval-text.ts');
      return approvalText(found.task, found.approval, request.folder);
    }
    const diff = found.approval.detail?.diffs?.[request.part.diff];
    // Unchanged, with every control character: the person must see the exact text that they approve.
    return (request.part.side === 'old' ? diff?.oldText : diff?.newText) ?? '';
  }

  async show({ folder, task, approval }: PendingApproval): Promise<void> {
    const base = { folder: folder.path, task: task.id, approval: approval.id };
    const diffs = approval.detail?.diffs ?? [];
    const sides = diffs.map(({ path }, diff) => ({
      path: pathWithin(path, shownWithin(folder.path, task)),
      old: requestUri(path, { ...base, part: { diff, side: 'old' } }),
      new: requestUri(path, { ...base, part: { diff, side: 'new' } }),
    }));
    const [first, ...others] = sides;
    const title = l10n.t('Request {0} of #{1}', approval.number, task.number);
    if (first === undefined) {
      const script = approval.detail?.command !== undefined || task.tool === 'SHELL';
      const uri = requestUri(`${title}.${script ? 'sh' : 'txt'}`, { ...base, part: 'text' });
      await vscode.window.showTextDocument(uri, { preview: true });
    } else if (others.length === 0) {
      await vscode.commands.executeCommand('vscode.diff', first.old, first.new, `${first.path} (${title})`, {
        preview: true,
      });
    } else {
      const resources = sides.map((side) => [side.new, side.old, side.new]);
      await vscode.commands.executeCommand('vscode.changes', title, resources);
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
    this.changed.dispose();
  }

  private async contentToConfirm({
    folder: path,
    tasks,
  }: NonNullable<ReturnType<typeof parseConfirmUri>>): Promise<string> {
    const folder = this.folders.find(path);
    if (folder === undefined) return l10n.t('The task of this request was deleted.');
    const { confirmText } = await import('../present/confirm-text.ts');
    return confirmText(await operate(folder, 'task.confirm', tasks === undefined ? {} : { tasks }));
  }

  private find(request: RequestPart): { task: TaskRecord; approval: Approval } | undefined {
    const task = this.folders.find(request.folder)?.host?.store.view.byId(request.task);
    const approval = task?.approvals.find((candidate) => candidate.id === request.approval);
    return task === undefined || approval === undefined ? undefined : { task, approval };
  }

  /** Closes a decided request in every editor; a remaining one shows the decision. */
  private follow({ folder, taskId, task }: TaskChange): void {
    const over = (request: RequestPart | undefined): request is RequestPart => {
      if (request?.task !== taskId || request.folder !== folder.path) return false;
      return task?.approvals.find((approval) => approval.id === request.approval)?.status !== 'pending';
    };
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const closing = tabs.filter((tab) => urisOf(tab).some((uri) => over(parseRequestUri(uri))));
    if (closing.length > 0) void vscode.window.tabGroups.close(closing, true);
    for (const { uri } of vscode.workspace.textDocuments) if (over(parseRequestUri(uri))) this.changed.fire(uri);
  }
}

function urisOf({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputTextDiff) return [input.modified];
  return input instanceof vscode.TabInputText ? [input.uri] : [];
}
