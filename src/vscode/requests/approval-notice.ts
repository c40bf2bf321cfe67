import * as vscode from 'vscode';
import { type CommandId, commandLink } from '../contributions.ts';
import type { PendingApproval, PendingApprovals } from '../folders/pending-approvals.ts';
import { l10n } from '../present/l10n.ts';
import { noticeText } from '../present/notice-text.ts';
import { setting } from '../register.ts';

interface OpenNotice {
  readonly approvalId: string;
  readonly report: (message: string) => void;
  readonly close: () => void;
}

/**
 * One notification at a time for pending requests; the next one follows when the request is decided in any face. An
 * extension cannot close a message that it has shown, but a progress ends when its promise does: so the notice is a
 * progress without a bar, and its answers are links.
 */
export class ApprovalNotice implements vscode.Disposable {
  private readonly pending: PendingApprovals;
  private readonly subscriptions: vscode.Disposable[];
  private readonly postponed = new Set<string>();
  private open: OpenNotice | undefined;

  constructor(pending: PendingApprovals) {
    this.pending = pending;
    this.subscriptions = [
      pending.onDidChange(() => this.update()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.update()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('systemprompt.notifyApprovals')) this.update();
      }),
    ];
    this.update();
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
    this.close();
  }

  /** The person saw it: the view and its badge still show it until it is decided. */
  private postpone(approvalId: string): void {
    this.postponed.add(approvalId);
    this.update();
  }

  private update(): void {
    const all = this.wanted() ? this.pending.list() : [];
    const ids = new Set(all.map(({ approval }) => approval.id));
    for (const id of this.postponed) if (!ids.has(id)) this.postponed.delete(id);
    const waiting = all.filter(({ approval }) => !this.postponed.has(approval.id));
    const current = waiting.find(({ approval }) => approval.id === this.open?.approvalId);
    if (current === undefined) this.close();
    const next = current ?? waiting[0];
    if (next === undefined) return;
    this.open ??= this.show(next);
    this.open.report(messageOf(next, waiting.length - 1));
  }

  /** Approving is disabled in a restricted window; the view shows the request there. */
  private wanted(): boolean {
    return vscode.workspace.isTrusted && setting('systemprompt.notifyApprovals', true);
  }

  private show({ folder, task, approval }: PendingApproval): OpenNotice {
    const { id: approvalId } = approval;
    const { promise, resolve } = Promise.withResolvers<void>();
    let report: (message: string) => void = () => {};
    // The editor labels the button that ends a progress with a text given here, and with "Cancel" if it does not.
    const isQuestion = approval.kind === 'feedback';
    const cancellable = (isQuestion ? l10n.t('Answer') : l10n.t('Show Request')) as unknown as boolean;
    const command: CommandId = isQuestion ? 'systemprompt.approval.answer' : 'systemprompt.approval.show';
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, cancellable },
      (progress, token) => {
        // An increment of 0 stops the animation of the bar: no work is running.
        report = (message) => progress.report({ message, increment: 0 });
        token.onCancellationRequested(() => {
          this.postpone(approvalId);
          void vscode.commands.executeCommand(command, folder.path, task.id, approvalId);
        });
        return promise;
      },
    );
    return { approvalId, report: (message) => report(message), close: resolve };
  }

  private close(): void {
    this.open?.close();
    this.open = undefined;
  }
}

function messageOf({ folder, task, approval }: PendingApproval, others: number): string {
  const args = [folder.path, task.id, approval.id];
  const links = [
    ...(approval.kind === 'feedback'
      ? []
      : [`[${l10n.t('Approve')}](${commandLink('systemprompt.approval.approve', ...args)})`]),
    ...(approval.kind === 'tool'
      ? [`[${l10n.t('Approve for This Task')}](${commandLink('systemprompt.approval.approveForTask', ...args)})`]
      : []),
    `[${l10n.t('Reject')}](${commandLink('systemprompt.approval.reject', ...args)})`,
    ...(approval.kind === 'feedback'
      ? [`[${l10n.t('Show')}](${commandLink('systemprompt.approval.show', ...args)})`]
      : []),
    ...(others === 0 ? [] : [`[${l10n.t('Show All')}](${commandLink('systemprompt.approvals.open')})`]),
  ];
  const text = noticeText(task, approval, folder.path);
  const more =
    others === 0 ? '' : ` ${others === 1 ? l10n.t('(1 more pending)') : l10n.t('({0} more pending)', others)}`;
  return `${text}${more} — ${links.join(' | ')}`;
}
