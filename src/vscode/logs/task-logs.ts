import * as vscode from 'vscode';
import type { Logger } from '../../core/logger.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import type { TaskChange, TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { TaskLog } from './task-log.ts';

/** The log that the Output panel shows, in the state of the workspace: the task, or nothing. */
const shownLog = 'logs.shown';

/** Maximum number of channels, without those of running tasks. Above it, the oldest is closed, of ended tasks first. */
const CHANNELS = 12;

interface Entry {
  readonly folder: TaskFolder;
  readonly log: TaskLog;
  status: TaskStatus;
  seen: boolean;
}

/** The output channels of tasks: one for each that runs, and for each that a person opens. */
export class TaskLogs implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly logger: Logger;
  private readonly state: vscode.Memento;
  /** Id of the task whose log was in sight when the window closed, until it is shown again. */
  private before: string | undefined;
  /** In the order of creation; by task id, which is unique across folders. */
  private readonly entries = new Map<string, Entry>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(folders: TaskFolders, logger: Logger, state: vscode.Memento) {
    this.folders = folders;
    this.logger = logger;
    this.state = state;
    this.before = state.get(shownLog);
    this.subscriptions = [
      folders.onDidChange(() => this.followFolders()),
      folders.onDidChangeTask((change) => this.followTask(change)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.followSight(editors)),
    ];
    this.followFolders();
  }

  show(folder: TaskFolder, task: TaskRecord): void {
    this.entry(folder, task, true)?.log.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
    for (const taskId of [...this.entries.keys()]) this.remove(taskId);
  }

  private followFolders(): void {
    const open = new Set(this.folders.all);
    for (const [taskId, entry] of this.entries) {
      if (!open.has(entry.folder)) this.remove(taskId);
      else this.followHost(entry);
    }
    for (const folder of open) {
      const view = folder.host?.store.view;
      for (const task of view?.byStatus('in_progress') ?? []) this.entry(folder, task, false);
      const before = this.before === undefined ? undefined : view?.byId(this.before);
      if (before === undefined) continue;
      this.before = undefined;
      this.show(folder, before);
    }
    // Its task was deleted, or its folder was removed.
    if (this.folders.all.every(({ state }) => state.kind !== 'loading')) this.before = undefined;
  }

  /** The editor restores the panel of a window, but no channel of an extension. */
  private keep(taskId: string | undefined): void {
    if (this.before === undefined && this.state.get(shownLog) !== taskId) void this.state.update(shownLog, taskId);
  }

  private followTask({ folder, taskId, task }: TaskChange): void {
    if (task === undefined) this.remove(taskId);
    else if (task.status === 'in_progress') this.entry(folder, task, false);
    const entry = this.entries.get(taskId);
    if (entry !== undefined && task !== undefined) entry.status = task.status;
  }

  /** A hidden log is closed, once its task has ended; it can be opened again. */
  private followSight(editors: readonly vscode.TextEditor[]): void {
    const names = editors
      .filter(({ document }) => document.uri.scheme === 'output')
      .map(({ document }) => document.fileName);
    const [shown] = [...this.entries].find(([, { log }]) => names.some((name) => name.includes(log.name))) ?? [];
    this.keep(shown);
    // While the panel shows no output at all, it may only be closed for a moment.
    if (names.length === 0) return;
    for (const [taskId, entry] of this.entries) {
      const inSight = names.some((name) => name.includes(entry.log.name));
      if (!inSight && entry.seen && isTerminal(entry.status)) this.remove(taskId);
      else if (inSight) entry.seen = true;
    }
  }

  private entry(folder: TaskFolder, task: TaskRecord, wanted: boolean): Entry | undefined {
    const known = this.entries.get(task.id);
    if (known !== undefined) return known;
    if (this.entries.size >= CHANNELS && !this.makeRoom() && !wanted) return undefined;
    const entry: Entry = { folder, log: new TaskLog(task), status: task.status, seen: false };
    this.entries.set(task.id, entry);
    this.followHost(entry);
    return entry;
  }

  private makeRoom(): boolean {
    const idle = [...this.entries].filter(([, { status }]) => status !== 'in_progress');
    const [leaving] = idle.find(([, { status }]) => isTerminal(status)) ?? idle[0] ?? [];
    if (leaving !== undefined) this.remove(leaving);
    return leaving !== undefined;
  }

  private followHost({ folder, log }: Entry): void {
    const { host } = folder;
    if (host === undefined) return;
    log.follow(host).catch((error: unknown) => this.logger.warn(`The log of ${log.name} cannot be read.`, error));
  }

  private remove(taskId: string): void {
    this.entries.get(taskId)?.log.dispose();
    this.entries.delete(taskId);
  }
}
