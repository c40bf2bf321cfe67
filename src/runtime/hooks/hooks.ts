import type { Disposable } from '../../core/disposable.ts';
import type { Logger } from '../../core/logger.ts';
import { hookEventOf, hookInput } from '../../core/task/hook-event.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { compileRedaction, hideWebPaths, secretsOf } from '../../core/text/redact.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { Hook } from '../settings/settings-schema.ts';
import { runShellCommand, type ShellRun } from '../shell-command.ts';

const LIMIT_S = 30;
/** Hooks that run at the same time; more are dropped, with a warning. */
const MOST_RUNNING = 16;
/** Characters of the output of a failed hook that the log shows. */
const SHOWN_OUTPUT = 1_000;
/** Milliseconds that a worker waits for its hooks before it ends. */
const CLOSE_MS = 5_000;

interface HooksOptions {
  readonly store: TaskStore;
  readonly logger: Logger;
  readonly hooks: () => readonly Hook[];
  /** True for a task whose events are this worker's to report: others report their own. */
  readonly isOwn: (task: TaskRecord) => boolean;
}

/**
 * Runs the hooks of the settings on the events of a worker's tasks. A hook never delays a task: it runs beside it, ends
 * at its limit, and its failure is a warning in the log of the task.
 */
export class Hooks implements Disposable {
  private readonly options: HooksOptions;
  private readonly before = new Map<string, TaskRecord>();
  private readonly running = new Set<ShellRun>();
  private readonly ended = new Set<Promise<void>>();
  private readonly subscriptions: readonly Disposable[];

  constructor(options: HooksOptions) {
    this.options = options;
    const { store } = options;
    this.subscriptions = [
      store.on('task:created', ({ task }) => void this.before.set(task.id, task)),
      store.on('task:updated', ({ task }) => this.notice(task)),
      store.on('task:deleted', ({ taskId }) => void this.before.delete(taskId)),
    ];
    for (const task of store.view.all()) this.before.set(task.id, task);
  }

  /** Waits a moment for running hooks, then ends them. */
  async close(): Promise<void> {
    this.dispose();
    const timer = setTimeout(() => {
      for (const { stop } of this.running) stop('was ended with its worker');
    }, CLOSE_MS);
    await Promise.all(this.ended);
    clearTimeout(timer);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private notice(task: TaskRecord): void {
    const before = this.before.get(task.id);
    this.before.set(task.id, task);
    const hooks = this.options.hooks();
    if (hooks.length === 0 || !this.options.isOwn(task)) return;
    const event = hookEventOf(before, task);
    if (event === undefined) return;
    const { folder } = this.options.store;
    const input = hookInput(event, task, { at: task.updated_at, folder });
    for (const hook of hooks) if (hook.on === undefined || hook.on.includes(event.event)) this.start(hook, task, input);
  }

  private start({ command, timeoutSeconds = LIMIT_S }: Hook, task: TaskRecord, input: string): void {
    if (this.running.size >= MOST_RUNNING) {
      this.options.logger.warn(`${MOST_RUNNING} hooks are running. A hook for #${task.number} was left out.`);
      return;
    }
    const { folder } = this.options.store;
    const run = runShellCommand({ command, cwd: folder, env: process.env, input, limitMs: timeoutSeconds * 1_000 });
    this.running.add(run);
    const done = run.done
      .then(({ output, end }) =>
        end === undefined ? undefined : this.report(task, `The hook ${end}: ${command}`, output),
      )
      .catch((error: unknown) => this.options.logger.warn(`A hook of #${task.number} could not be reported.`, error))
      .finally(() => {
        this.running.delete(run);
        this.ended.delete(done);
      });
    this.ended.add(done);
  }

  private async report(task: TaskRecord, message: string, output: string): Promise<void> {
    const { store, logger } = this.options;
    const redact = compileRedaction(secretsOf(process.env));
    // Before the cut: half an address would not be found.
    const shown = hideWebPaths(output.trim()).slice(-SHOWN_OUTPUT);
    const command = hideWebPaths(message);
    const text = redact(shown === '' ? command : `${command}\n${shown}`);
    logger.warn(`#${task.number}: ${text}`);
    if (store.view.byId(task.id) !== undefined) await store.addLog(task.id, text, 'warn', { source: 'hook' });
  }
}
