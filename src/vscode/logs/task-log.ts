import * as vscode from 'vscode';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Host } from '../../host.ts';
import { l10n } from '../present/l10n.ts';
import { logLine } from '../present/log-line.ts';
import { FollowedLog } from './followed-log.ts';

/** Lines are collected for this long, so that a flood of them is a few messages to the window. */
const FLUSH_MS = 100;
/** Entries of one flush; those before them are left out and counted. The log file has them all. */
const FLUSH_ENTRIES = 1_000;
/** After this number of entries the channel is cleared and continues with the latest, to limit memory. */
const CHANNEL_ENTRIES = 20_000;

/** The output channel of one task: its latest 1,000 entries, then every new one. */
export class TaskLog implements vscode.Disposable {
  readonly name: string;
  private readonly taskId: string;
  private readonly channel: vscode.OutputChannel;
  private host: Host | undefined;
  private followed: FollowedLog | undefined;
  private waiting: TaskLogEntry[] = [];
  private leftOut = 0;
  private written = 0;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(task: TaskRecord) {
    this.taskId = task.id;
    this.name = channelName(task);
    this.channel = vscode.window.createOutputChannel(this.name, 'log');
  }

  show(): void {
    this.channel.show(true);
  }

  /** Reads from this store from now on, from the last position. */
  async follow(host: Host): Promise<void> {
    if (this.host === host) return;
    this.host = host;
    if (this.followed !== undefined) {
      this.followed.moveTo(host.store);
      return;
    }
    const page = await host.store.getLogs(this.taskId);
    if (this.disposed || this.host !== host) return;
    if (page.start > 0) this.channel.appendLine(l10n.t('… earlier entries are in the log file of the task'));
    this.take(page.entries);
    this.followed = new FollowedLog(host.store, this.taskId, page.next, (entries) => this.take(entries));
  }

  dispose(): void {
    this.disposed = true;
    this.followed?.dispose();
    clearTimeout(this.timer);
    this.channel.dispose();
  }

  private take(entries: readonly TaskLogEntry[]): void {
    this.waiting.push(...entries);
    const excess = this.waiting.length - FLUSH_ENTRIES;
    if (excess > 0) {
      this.waiting.splice(0, excess);
      this.leftOut += excess;
    }
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  private flush(): void {
    this.timer = undefined;
    const lines = this.waiting.map(logLine);
    if (this.leftOut > 0)
      lines.unshift(`${l10n.t('… {0} entries were skipped; they are in the log file of the task', this.leftOut)}\n`);
    this.waiting = [];
    this.leftOut = 0;
    this.written += lines.length;
    if (this.written > CHANNEL_ENTRIES) {
      this.written = lines.length;
      this.channel.replace(lines.join(''));
    } else this.channel.append(lines.join(''));
  }
}

function channelName(task: TaskRecord): string {
  const title = sanitizeLine(task.title);
  return l10n.t('Task #{0} {1}', task.number, title.length > 50 ? `${title.slice(0, 49)}…` : title);
}
