import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Host } from '../../host.ts';
import { runOperation } from '../../operations/operation.ts';
import { queuePause } from '../../operations/queue/pause.ts';
import { queuePlay } from '../../operations/queue/play.ts';
import { standings } from '../../operations/queue/standings.ts';
import { queueStatus } from '../../operations/queue/status.ts';
import { taskCancel } from '../../operations/task/cancel.ts';
import { taskStart } from '../../operations/task/start.ts';
import type { Command, Invocation } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Key, takeScreen } from '../terminal/screen.ts';
import { dashboardLines, dashboardOrder } from '../views/dashboard.ts';
import { logLine } from '../views/log.ts';

/** Milliseconds between two pictures: changes of other processes show within one. */
const PERIOD_MS = 1_000;
const LOG_LINES = 200;

export const command: Command = {
  details: `Shows the tasks that need you, running, queued and ended tasks, full-screen and live.
Keys: up and down select, Enter opens the log, s starts, x cancels, p plays or pauses the queue, q quits.`,
  examples: [{ words: 'dashboard', description: 'watch everything' }],
  flags: [],
  positional: [],
  json: 'nothing: it needs a terminal; "task watch --all --json" is for programs',
  reads: false,
  follows: true,
  async run(call) {
    const host = await call.host();
    const dashboard = new Dashboard(host, call);
    await dashboard.show();
    return exitCodes.done;
  },
};

class Dashboard {
  private readonly host: Host;
  private readonly call: Invocation;
  private tasks: TaskRecord[] = [];
  private selected: string | undefined;
  private logOpen = false;
  /** The latest refusal, shown until the next key. */
  private remark: string | undefined;
  private end: () => void = () => {};

  constructor(host: Host, call: Invocation) {
    this.host = host;
    this.call = call;
  }

  /** Resolves when the person quits. @throws TaskError `InvalidInput` without a terminal */
  async show(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    let drawing: Promise<void> = Promise.resolve();
    const draw = (): void => {
      drawing = drawing.then(() => this.draw(screen)).catch(() => undefined);
    };
    const screen = takeScreen(process, {
      key: (key) => {
        drawing = drawing
          .then(() => this.pressed(key))
          .catch((error: unknown) => {
            this.remark = TaskError.from(error).message;
          });
        draw();
      },
      resized: draw,
    });
    if (screen === undefined) {
      throw new TaskError('InvalidInput', 'The dashboard needs a terminal.', {
        next: [operationStep('List the tasks', 'task.list')],
      });
    }
    const timer = setInterval(draw, PERIOD_MS);
    try {
      draw();
      await ended;
      await drawing;
    } finally {
      clearInterval(timer);
      screen.close();
    }
  }

  private async pressed(key: Key): Promise<void> {
    const before = this.remark;
    this.remark = undefined;
    const at = this.tasks.findIndex(({ id }) => id === this.selected);
    const task = this.tasks[at];
    if (key === 'q' || key === 'interrupt') this.end();
    else if (key === 'up' || key === 'k') this.selected = this.tasks[Math.max(0, at - 1)]?.id;
    else if (key === 'down' || key === 'j') this.selected = this.tasks[Math.min(this.tasks.length - 1, at + 1)]?.id;
    else if (key === 'enter') this.logOpen = !this.logOpen;
    else if (key === 'escape') this.logOpen = false;
    else if (key === 's' && task !== undefined) await runOperation(taskStart, this.host, { tasks: [task.id] });
    else if (key === 'x' && task !== undefined) await this.cancel(task, before);
    else if (key === 'p') await this.turnQueue();
  }

  /** Cancelling ends work, so that it takes the key twice. */
  private async cancel(task: TaskRecord, before: string | undefined): Promise<void> {
    const question = `Press x again to cancel #${task.number}.`;
    if (before !== question) this.remark = question;
    else await runOperation(taskCancel, this.host, { tasks: [task.id] });
  }

  private async turnQueue(): Promise<void> {
    const { playing } = await runOperation(queueStatus, this.host, {});
    await runOperation(playing ? queuePause : queuePlay, this.host, {});
  }

  private async draw(screen: ReturnType<typeof takeScreen>): Promise<void> {
    if (screen === undefined) return;
    const { host, call } = this;
    const queue = await runOperation(queueStatus, host, {});
    const standingOf = await standings(host);
    this.tasks = dashboardOrder(host.store.view.all(), standingOf);
    this.selected = this.tasks.find(({ id }) => id === this.selected)?.id ?? this.tasks[0]?.id;
    const selected = this.tasks.findIndex(({ id }) => id === this.selected);
    const log = this.logOpen && this.selected !== undefined ? await this.logOf(this.selected) : undefined;
    const lines = dashboardLines(
      { folder: host.store.folder, tasks: this.tasks, standingOf, queue, selected, log },
      screen,
      call.out.style,
    );
    if (this.remark !== undefined)
      lines[lines.length - 1] = call.out.style('red', this.remark.slice(0, screen.columns));
    screen.draw(lines);
  }

  private async logOf(id: string): Promise<string[]> {
    const { out } = this.call;
    const { entries } = await this.host.store.getLogs(id, { before: Number.MAX_SAFE_INTEGER, limit: LOG_LINES });
    return entries.flatMap((entry) => logLine(entry, (_tint, text) => text, out.now()).split('\n'));
  }
}
