import * as vscode from 'vscode';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import { type LogLine, type TaskProtocol, taskProtocol } from '../../webviews/task/protocol.ts';
import { keyOf } from '../approvals/cards.ts';
import { answerOne, decideAll } from '../approvals/decide.ts';
import type { CommandId } from '../contributions.ts';
import { folderStanding } from '../folders/folder-standing.ts';
import type { PendingApproval, PendingApprovals } from '../folders/pending-approvals.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { FollowedLog } from '../logs/followed-log.ts';
import { operate } from '../operate.ts';
import { Page, type PageContext } from '../pages/page.ts';
import { l10n } from '../present/l10n.ts';
import { logLine } from '../present/log-line.ts';
import { offeredCommand } from './buttons.ts';
import { changedFiles } from './changed-files.ts';
import { estimateFacts } from './estimate-facts.ts';
import { changeField } from './fields/change-field.ts';
import { taskModel } from './task-model.ts';
import { updateText } from './update-text.ts';
import { taskWords } from './words.ts';

const LOG_LINES = 5_000;
const LINE_CHARACTERS = 2_000;
/** Milliseconds between two redraws while the task changes quickly. */
const REDRAW_MS = 200;

/** A task in its folder. */
export interface ShownTask {
  readonly folder: TaskFolder;
  readonly id: string;
}

interface TabOptions {
  readonly panel: vscode.WebviewPanel;
  readonly context: PageContext;
  readonly pending: PendingApprovals;
  readonly shown: ShownTask;
  /** The person keeps this tab. */
  readonly pin: () => void;
  readonly closed: () => void;
}

/** One editor tab with the page of a task. */
export class TaskTab implements vscode.Disposable {
  private readonly options: TabOptions;
  private readonly page: Page<TaskProtocol>;
  private shown: ShownTask;
  private followed: FollowedLog | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isReleased = false;

  constructor(options: TabOptions) {
    const { panel, context } = options;
    this.options = options;
    this.shown = options.shown;
    this.page = new Page(panel.webview, context, {
      name: 'task',
      title: l10n.t('Task'),
      protocol: taskProtocol,
      handlers: {
        ready: () => {
          this.schedule();
          return taskWords();
        },
        act: ({ action }) => this.act(action),
        update: (change) => updateText(this.shown.folder, this.shown.id, change),
        change: async ({ field }) => {
          await changeField(this.shown.folder, this.shown.id, field);
          return null;
        },
        changes: () => changedFiles(this.shown.folder, this.shown.id),
        diff: ({ path }) => this.run('systemprompt.task.review', ...(path === null ? [] : [path])),
        estimate: () => estimateFacts(this.shown.folder, this.shown.id),
        restore: ({ checkpoint }) => this.run('systemprompt.task.restore', checkpoint),
        decide: (wish) => this.decide(wish),
        answer: ({ key, values }) => answerOne(this.request(key), values),
        log: ({ before }) => this.log(before),
        openTask: async ({ task }) => {
          await vscode.commands.executeCommand('systemprompt.task.open', task, this.shown.folder.path);
          return null;
        },
        pin: () => {
          options.pin();
          return null;
        },
      },
    });
    panel.onDidDispose(() => {
      this.release();
      options.closed();
    });
    void this.draw();
  }

  shows(folder: TaskFolder, taskId: string): boolean {
    return this.shown.folder === folder && this.shown.id === taskId;
  }

  /** Shows a task in this tab, without taking the focus from the list that it was chosen in. */
  show(shown: ShownTask): void {
    if (!this.shows(shown.folder, shown.id)) {
      this.followed?.dispose();
      this.followed = undefined;
      this.shown = shown;
    }
    this.options.panel.reveal(undefined, true);
    this.schedule();
  }

  /** The task has changed, or its folder. */
  schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.draw();
    }, REDRAW_MS);
  }

  dispose(): void {
    this.release();
    this.options.panel.dispose();
  }

  private release(): void {
    this.isReleased = true;
    clearTimeout(this.timer);
    this.followed?.dispose();
    this.page.dispose();
  }

  private async draw(): Promise<void> {
    const { folder, id } = this.shown;
    const { panel, context } = this.options;
    try {
      const { store } = await folder.ready();
      if (this.isReleased) return;
      if (this.shows(folder, id)) this.followed?.moveTo(store);
      const task = store.view.byId(id);
      if (task === undefined) {
        this.page.emit('gone', {});
        return;
      }
      panel.title = titleOf(task);
      const { limits } = await operate(folder, 'task.usage', { task: id });
      const now = Date.now();
      const row = { now, standing: folderStanding(folder, task, now) };
      this.page.emit('task', taskModel({ folder, task, row, limits, trusted: vscode.workspace.isTrusted }));
    } catch (error) {
      context.logger.error('The page of a task could not be drawn.', error);
    }
  }

  private async act(action: InputOf<TaskProtocol, 'act'>['action']): Promise<null> {
    const { folder, id } = this.shown;
    const task = (await folder.ready()).store.resolve(id);
    const command = offeredCommand(action, task, vscode.workspace.isTrusted);
    if (command === undefined) throw new Error(l10n.t('This is no longer possible: the task has changed.'));
    return this.run(command);
  }

  private async run(command: CommandId, ...args: (string | number)[]): Promise<null> {
    await vscode.commands.executeCommand(command, this.shown.id, this.shown.folder.path, ...args);
    return null;
  }

  private async decide({ key, decision }: InputOf<TaskProtocol, 'decide'>): Promise<OutputOf<TaskProtocol, 'decide'>> {
    if (decision !== 'open') {
      const { words } = await decideAll(this.options.pending.list(), { keys: [key], decision });
      return { words };
    }
    const { folder, task, approval } = this.request(key);
    await vscode.commands.executeCommand('systemprompt.approval.show', folder.path, task.id, approval.id);
    return { words: '' };
  }

  /** @throws Error if the request is no longer pending */
  private request(key: string): PendingApproval {
    const request = this.options.pending.list().find((each) => keyOf(each) === key);
    if (request === undefined) throw new Error(l10n.t('This request is no longer pending.'));
    return request;
  }

  private async log(before: number | null): Promise<OutputOf<TaskProtocol, 'log'>> {
    const { folder, id } = this.shown;
    const { store } = await folder.ready();
    const page = await store.getLogs(id, { before: before ?? Number.MAX_SAFE_INTEGER, limit: LOG_LINES });
    // The tab may show another task by now, whose log has its own request.
    if (before === null && this.shows(folder, id) && !this.isReleased) {
      this.followed?.dispose();
      this.followed = new FollowedLog(store, id, page.next, (entries) => {
        this.page.emit('log', { lines: entries.flatMap(linesOf) });
      });
    }
    return { lines: page.entries.flatMap(linesOf), start: page.start };
  }
}

/** An entry as rows of equal height: a text of several lines is several rows. */
function linesOf(entry: TaskLogEntry): LogLine[] {
  const lines = logLine(entry).trimEnd().split('\n');
  const { level } = entry;
  const type = entry.metadata?.toolName === undefined ? entry.type : 'tool';
  return lines.map((text, index) => ({ level, type, head: index === 0, text: text.slice(0, LINE_CHARACTERS) }));
}

function titleOf(task: TaskRecord): string {
  const title = sanitizeLine(task.title);
  return `#${task.number} ${title.length > 40 ? `${title.slice(0, 39)}…` : title}`;
}
