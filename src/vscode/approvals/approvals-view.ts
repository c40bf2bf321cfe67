import * as vscode from 'vscode';
import { latestEntries } from '../../core/task/log-entry.ts';
import { type ApprovalsProtocol, approvalsProtocol } from '../../webviews/approvals/protocol.ts';
import type { OutputOf } from '../../webviews/kit/protocol.ts';
import type { PendingApproval, PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { Page, type PageContext } from '../pages/page.ts';
import type { PageHandlers } from '../pages/page-channel.ts';
import { l10n } from '../present/l10n.ts';
import { logLine } from '../present/log-line.ts';
import { cardOf, keyOf, SHOWN_CARDS } from './cards.ts';
import { answerOne, decideAll } from './decide.ts';
import { approvalsWords } from './words.ts';

const CONTEXT_LINES = 6;
/** Entries that are read for them: some are details that the card leaves out. */
const CONTEXT_ENTRIES = 40;
const LINE_CHARACTERS = 1_000;
/** Milliseconds between two redraws while requests change quickly. */
const REDRAW_MS = 100;

/** The Approvals view: all pending requests of the window as cards to decide. */
export class ApprovalsView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly context: PageContext;
  private readonly folders: TaskFolders;
  private readonly pending: PendingApprovals;
  private readonly subscriptions: vscode.Disposable[];
  private shown: { readonly view: vscode.WebviewView; readonly page: Page<ApprovalsProtocol> } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(context: PageContext, folders: TaskFolders, pending: PendingApprovals) {
    this.context = context;
    this.folders = folders;
    this.pending = pending;
    this.subscriptions = [
      pending.onDidChange(() => this.schedule()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.schedule()),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const page = new Page(view.webview, this.context, {
      name: 'approvals',
      title: l10n.t('Approvals'),
      protocol: approvalsProtocol,
      handlers: this.handlers(),
    });
    this.shown = { view, page };
    view.onDidDispose(() => {
      page.dispose();
      if (this.shown?.view === view) this.shown = undefined;
    });
    this.describe();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.shown?.page.dispose();
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
  }

  private handlers(): PageHandlers<ApprovalsProtocol> {
    return {
      ready: () => {
        this.schedule();
        return approvalsWords();
      },
      decide: async (wish) => {
        const outcome = await decideAll(this.pending.list(), wish);
        this.schedule();
        return outcome;
      },
      rule: ({ key }) => this.rule(this.find(key)),
      context: ({ key }) => this.logOf(this.find(key)),
      open: ({ key }) => this.open(key),
      answer: async ({ key, values }) => {
        const outcome = await answerOne(this.find(key), values);
        this.schedule();
        return outcome;
      },
      trust: async () => {
        await vscode.commands.executeCommand('workbench.trust.manage');
        return null;
      },
    };
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.draw();
    }, REDRAW_MS);
  }

  private draw(): void {
    this.describe();
    const all = this.pending.list();
    const several = this.folders.all.length > 1;
    this.shown?.page.emit('cards', {
      cards: all.slice(0, SHOWN_CARDS).map((request) => cardOf(request, several)),
      more: Math.max(0, all.length - SHOWN_CARDS),
      complete: this.folders.all.every(({ state }) => state.kind === 'ready' || state.kind === 'absent'),
      trusted: vscode.workspace.isTrusted,
    });
  }

  /** Puts the count beside the title, where a collapsed view shows it too. The badge of the Tasks view counts already. */
  private describe(): void {
    if (this.shown === undefined) return;
    const count = this.pending.list().length;
    this.shown.view.description = count === 0 ? '' : l10n.t('{0} pending', count);
  }

  /** @throws Error if the request is no longer pending */
  private find(key: string): PendingApproval {
    const request = this.pending.list().find((each) => keyOf(each) === key);
    if (request === undefined) throw new Error(l10n.t('This request is no longer pending.'));
    return request;
  }

  private async rule({ folder, task, approval }: PendingApproval): Promise<OutputOf<ApprovalsProtocol, 'rule'>> {
    const rule = await operate(folder, 'task.rule', { task: task.id, request: approval.id });
    const { text, warning, reason, shown } = rule;
    if (text === undefined) return { reason: reason ?? l10n.t('No rule can allow this request.') };
    return { text: [text, warning].filter(Boolean).join(' '), ...(shown === undefined ? {} : { shown }) };
  }

  private async logOf({ folder, task }: PendingApproval): Promise<{ lines: string[] }> {
    const { store } = await folder.ready();
    const { entries } = await store.getLogs(task.id, { before: Number.MAX_SAFE_INTEGER, limit: CONTEXT_ENTRIES });
    const latest = latestEntries(entries, CONTEXT_LINES);
    return { lines: latest.map((entry) => logLine(entry).trimEnd().slice(0, LINE_CHARACTERS)) };
  }

  private async open(key: string): Promise<null> {
    const { folder, task, approval } = this.find(key);
    await vscode.commands.executeCommand('systemprompt.approval.show', folder.path, task.id, approval.id);
    return null;
  }
}
