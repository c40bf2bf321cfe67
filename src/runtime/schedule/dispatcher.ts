import { onlyAgents } from '../../core/agent/only-agents.ts';
import { newPartId } from '../../core/task/id.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { World } from '../../core/task/standing.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import type { QueueWatch } from '../queue/queue-state.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import { claimTask, sessionToResume } from './claim.ts';
import type { Leases } from './leases.ts';
import type { Runs } from './runs.ts';
import { nextTask } from './scheduler.ts';
import type { WorkerOptions } from './worker-options.ts';
import { worldOf } from './world.ts';

/** Between questions to a remote that failed. */
const ASK_AGAIN_MS = 15_000;

interface DispatcherParts {
  readonly options: WorkerOptions;
  readonly settings: LiveSettings;
  readonly queue: QueueWatch;
  readonly day: DayBudget;
  readonly leases: Leases;
  readonly runs: Runs;
  /** Called when a run has ended, and when a delayed task may be due. */
  readonly dispatch: () => void;
}

/** Claims tasks for one worker and starts their runs, as the scheduler decides. */
export class Dispatcher {
  private readonly parts: DispatcherParts;
  /** Timer for the next delayed task. */
  private alarm: NodeJS.Timeout | undefined;
  private readonly reported = new Set<string>();
  /** When to ask the remote again, by the id of the task, on the monotonic clock. */
  private readonly askAgain = new Map<string, number>();
  private stopped = false;

  constructor(parts: DispatcherParts) {
    this.parts = parts;
  }

  /** Claims until no task is ready. */
  async claimReady(): Promise<void> {
    const { options, runs } = this.parts;
    const { view } = options.store;
    const tried = new Set<string>();
    while (!this.stopped) {
      // The next pass claims a task whose former run still releases it.
      const skips = (id: string): boolean => tried.has(id) || runs.has(id);
      const { task, againMs } = nextTask(view, this.world(view, Date.now()), skips);
      if (againMs !== undefined) this.wakeAfter(againMs);
      if (task === undefined) return;
      tried.add(task.id);
      if (await this.isElsewhere(task)) continue;
      await this.claim(task);
    }
  }

  /** Refreshes the store and returns whether a task is ready. */
  async findsWork(): Promise<boolean> {
    const { store } = this.parts.options;
    await store.refresh();
    await this.parts.queue.refresh();
    return nextTask(store.view, this.world(store.view, Date.now())).task !== undefined;
  }

  /** Stops claiming tasks. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.alarm);
  }

  /** True if the task needs a branch that only another machine has. */
  private async isElsewhere(task: TaskRecord): Promise<boolean> {
    const { store, logger } = this.parts.options;
    if (!store.coordination.isShared) return false;
    if ((this.askAgain.get(task.id) ?? 0) > performance.now()) return true;
    const elsewhere = await this.parts.runs.whyElsewhere(task);
    if (elsewhere === undefined) return false;
    const { number, reason, asked } = elsewhere;
    const text = `#${task.number} waits for a worker in the repository that has the branch of #${number}: ${reason}.`;
    if (!this.reported.has(text)) logger.info(text);
    this.reported.add(text);
    if (asked) this.askAgain.set(task.id, performance.now() + ASK_AGAIN_MS);
    return true;
  }

  private async claim(task: TaskRecord): Promise<void> {
    const { options, leases, day, runs, dispatch } = this.parts;
    const executionId = newPartId('execution');
    const resume = sessionToResume(task);
    const claimed = await options.store.transact('worker.claim', (draft) => {
      const world = this.world(draft, Date.parse(draft.at));
      return claimTask(draft, task.id, { lease: leases.lease(draft.at), executionId, world, day });
    });
    if (claimed === undefined) return;
    options.logger.info(`#${claimed.number} "${claimed.title}" starts with ${claimed.tool}.`);
    runs.start({ task: claimed, executionId, resume }, dispatch);
  }

  private world(tasks: StoreView | Draft, now: number): World {
    const { options, settings, queue, day, runs } = this.parts;
    const { worker } = settings.current;
    return worldOf({
      tasks,
      agents: options.onlyAgents === undefined ? options.agents : onlyAgents(options.agents, options.onlyAgents),
      playing: queue.current.playing,
      now,
      maxParallel: options.maxParallel ?? worker?.maxParallel,
      maxPerAgent: options.maxPerAgent ?? worker?.maxPerAgent,
      ownRuns: runs.atWork(options.store.view),
      ownSlots: options.store.coordination.isShared,
      day: () => day.shares(now),
    });
  }

  private wakeAfter(ms: number): void {
    clearTimeout(this.alarm);
    this.alarm = setTimeout(this.parts.dispatch, ms);
  }
}
