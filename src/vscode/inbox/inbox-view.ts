import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Logger } from '../../core/logger.ts';
import { requestDigest } from '../../operations/approval/request-digest.ts';
import type { Decision, FromPage, ToPage } from '../../webviews/inbox/protocol.ts';
import { viewIds } from '../contributions.ts';
import { errorWords } from '../feedback/errors.ts';
import type { PendingApproval, PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { logLine } from '../present/log-line.ts';
import { cardOf, keyOf, SHOWN_CARDS } from './cards.ts';
import { inboxWords } from './inbox-words.ts';
import { parseMessage } from './messages.ts';
import { outcomeWords } from './outcome.ts';

const CONTEXT_LINES = 6;
/** A flood of changes is drawn this often at most. */
const REDRAW_MS = 100;

/** What waits for a person, over all tasks of the window, as cards to decide on. */
export class InboxView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly extensionUri: vscode.Uri;
  private readonly folders: TaskFolders;
  private readonly pending: PendingApprovals;
  private readonly logger: Logger;
  private readonly subscriptions: vscode.Disposable[];
  private view: vscode.WebviewView | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(extensionUri: vscode.Uri, folders: TaskFolders, pending: PendingApprovals, logger: Logger) {
    this.extensionUri = extensionUri;
    this.folders = folders;
    this.pending = pending;
    this.logger = logger;
    this.subscriptions = [
      vscode.window.registerWebviewViewProvider(viewIds.inbox, this),
      pending.onDidChange(() => this.schedule()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.schedule()),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [this.file('dist'), this.file('media')] };
    webview.html = this.page(webview);
    const listening = webview.onDidReceiveMessage((value: unknown) => {
      const message = parseMessage(value);
      if (message === undefined) this.logger.warn('The inbox said something that is not understood.');
      else void this.take(message);
    });
    view.onDidDispose(() => {
      listening.dispose();
      if (this.view === view) this.view = undefined;
    });
    this.describe();
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
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
    this.say({
      type: 'cards',
      cards: all.slice(0, SHOWN_CARDS).map((request) => cardOf(request, several)),
      more: Math.max(0, all.length - SHOWN_CARDS),
      trusted: vscode.workspace.isTrusted,
      words: inboxWords(),
    });
  }

  /** The number beside the title, so that a closed view tells it too. The badge of the Tasks view counts already. */
  private describe(): void {
    if (this.view === undefined) return;
    const count = this.pending.list().length;
    this.view.description = count === 0 ? '' : l10n.t('{0} waiting', count);
  }

  private say(message: ToPage): void {
    void this.view?.webview.postMessage(message);
  }

  private async take(message: FromPage): Promise<void> {
    try {
      switch (message.type) {
        case 'ready':
          return this.draw();
        case 'trust':
          await vscode.commands.executeCommand('workbench.trust.manage');
          return;
        case 'decide':
          return await this.decide(message);
        case 'rule':
          return await this.showRule(message.key);
        case 'context':
          return await this.showContext(message.key);
        case 'open':
        case 'answer':
          return await this.runCommand(message.type, message.key);
      }
    } catch (error) {
      this.logger.error('The inbox could not do what it was asked.', error);
      this.say({ type: 'said', words: wordsOf(error), failed: true, keys: 'key' in message ? [message.key] : [] });
    }
  }

  private find(key: string): PendingApproval | undefined {
    return this.pending.list().find((request) => keyOf(request) === key);
  }

  /** All that are meant, one after the other: what fails keeps nobody from being decided. */
  private async decide(message: Extract<FromPage, { type: 'decide' }>): Promise<void> {
    const { keys, decision } = message;
    const open = new Map(this.pending.list().map((request) => [keyOf(request), request]));
    const wanted = new Set(keys);
    const failed: { key: string; words: string }[] = [];
    let [done, gone] = [0, 0];
    for (const key of wanted) {
      const request = open.get(key);
      try {
        if (request === undefined) gone += 1;
        else {
          await decideOne(request, message);
          done += 1;
        }
      } catch (error) {
        if (isGone(error, decision)) gone += 1;
        else failed.push({ key, words: wordsOf(error) });
      }
    }
    const task = wanted.size === 1 ? open.get(keys[0] ?? '')?.task.number : undefined;
    const words = [outcomeWords(decision, { done, gone, task }), ...new Set(failed.map((failure) => failure.words))];
    this.say({
      type: 'said',
      words: words.filter(Boolean).join(' '),
      failed: failed.length > 0,
      keys: failed.map(({ key }) => key),
    });
    this.schedule();
  }

  private async showRule(key: string): Promise<void> {
    const request = this.find(key);
    if (request === undefined) return;
    const { folder, task, approval } = request;
    const { text, reason, shown } = await operate(folder, 'task.rule', { task: task.id, request: approval.id });
    this.say({
      type: 'rule',
      key,
      ...(text === undefined ? { reason: reason ?? l10n.t('No rule is possible for this request.') } : { text, shown }),
    });
  }

  private async showContext(key: string): Promise<void> {
    const request = this.find(key);
    if (request === undefined) return;
    const { store } = await request.folder.ready();
    const end = Number.MAX_SAFE_INTEGER;
    const { entries } = await store.getLogs(request.task.id, { before: end, limit: CONTEXT_LINES });
    this.say({ type: 'context', key, lines: entries.map((entry) => logLine(entry).trimEnd().slice(0, 1_000)) });
  }

  /** The same commands as everywhere: they know how to show a request, and how to ask for an answer. */
  private async runCommand(what: 'open' | 'answer', key: string): Promise<void> {
    const request = this.find(key);
    if (request === undefined) return;
    const id = what === 'open' ? 'systemprompt.approval.show' : 'systemprompt.approval.answer';
    await vscode.commands.executeCommand(id, request.folder.path, request.task.id, request.approval.id);
  }

  private file(...parts: string[]): vscode.Uri {
    return vscode.Uri.joinPath(this.extensionUri, ...parts);
  }

  private page(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString('hex');
    const uri = (...parts: string[]): string => webview.asWebviewUri(this.file(...parts)).toString();
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
    return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${uri('media', 'inbox.css')}">
  <title>${l10n.t('Approvals')}</title>
</head>
<body>
  <main id="inbox"></main>
  <script nonce="${nonce}" src="${uri('dist', 'webviews', 'inbox.js')}"></script>
</body>
</html>`;
  }
}

async function decideOne(
  { folder, task, approval }: PendingApproval,
  { decision, reason = '', shown }: Extract<FromPage, { type: 'decide' }>,
): Promise<void> {
  const which = { task: task.id, request: approval.id };
  if (decision === 'reject') {
    await operate(folder, 'task.reject', { ...which, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
    return;
  }
  // A question is not answered by a yes to nothing in particular.
  if (approval.kind === 'feedback')
    throw new Error(l10n.t('Task #{0} asked a question. Answer it instead.', task.number));
  await operate(folder, 'task.approve', {
    ...which,
    forTask: decision === 'approveForTask',
    remember: decision === 'remember',
    // With the rule that the card shows, or with the request that its key names.
    shown: decision === 'remember' ? (shown ?? '') : requestDigest(task, approval),
  });
}

/** A rule that would be another now is told of, because the card is still there. */
function isGone(error: unknown, decision: Decision): boolean {
  const { code } = errorWords(error);
  return code === 'ApprovalNotFound' || (code === 'ChangedSinceShown' && decision !== 'remember');
}

function wordsOf(error: unknown): string {
  const { message, hint } = errorWords(error);
  return hint === undefined ? message : `${message} ${hint}`;
}
