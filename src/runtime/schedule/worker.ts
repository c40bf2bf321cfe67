import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { type Disposable, DisposableStack } from '../../core/disposable.ts';
import type { Logger } from '../../core/logger.ts';
import { pendingApprovals } from '../../core/task/approval.ts';
import { newPartId } from '../../core/task/id.ts';
import { awaitsAnswer } from '../../core/task/question.ts';
import { resumeSession } from '../../core/task/resume-session.ts';
import { atWorkByAgent, claim, delayOf } from '../../core/task/run.ts';
import type { Lease, TaskRecord } from '../../core/task/schema.ts';
import { type Standing, standing, type World } from '../../core/task/standing.ts';
import { requestStart } from '../../core/task/start.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { ApprovalsDesk } from '../approvals/approvals-desk.ts';
import { holdByBudget } from '../budget/budget-guard.ts';
import { DayBudget } from '../budget/day-budget.ts';
import { AutoCheckpoints } from '../checkpoints/auto.ts';
import { ownIdentity } from '../liveness/identity.ts';
import { announce, type WorkerPresence, withdraw } from '../liveness/presence.ts';
import { QueueWatch } from '../queue/queue-state.ts';
import { ForgottenTasks } from '../recovery/forgotten-tasks.ts';
import { recoverInterrupted } from '../recovery/interrupted.ts';
import { ErrorRecovery } from '../recovery/recovery.ts';
import { Run } from '../run/run.ts';
import { Worktrees } from '../run/worktrees.ts';
import { dayLimitsOf } from '../settings/day-limits.ts';
import { MAX_PARALLEL } from '../settings/defaults.ts';
import { LiveSettings } from '../settings/live-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { WorktreeContext } from '../worktrees/review.ts';
import { settleDependents } from './dependents.ts';
import { readyTasks } from './schedule.ts';
import { worldOf } from './world.ts';

export interface WorkerOptions {
  readonly store: TaskStore;
  readonly agents: AgentCatalog;
  readonly logger: Logger;
  readonly mode: WorkerPresence['mode'];
  /** What counts in place of what the files of settings say; they are read again at each look around. */
  readonly settings?: Partial<Settings> | undefined;
  /** Where the settings come from, in place of `settings` and the files. */
  readonly live?: LiveSettings | undefined;
  /**
   * Maximum number of running tasks in the folder, across all workers; open sessions that wait for a person do not
   * count. Workers with different limits together come to the largest of them.
   */
  readonly maxParallel?: number | undefined;
  /** Maximum number of running tasks in the folder for each agent name, across all workers. */
  readonly maxPerAgent?: Readonly<Record<string, number>> | undefined;
  /** Milliseconds without work after which the worker exits. Default: never. */
  readonly idleExitMs?: number | undefined;
  /** How long an open session waits for a follow-up, in milliseconds. */
  readonly sessionIdleMs?: number | undefined;
}

const LEASE_MS = 45_000;
const RENEW_MS = 15_000;
const SWEEP_MS = 5_000;
const SESSION_IDLE_MS = 10 * 60_000;

/** Claims ready tasks and runs them. Knows of its tasks through the store alone; nobody talks to it. */
export class Worker {
  readonly id = newPartId('worker');
  /** Resolves when the worker has ended, on its own or by `stop`. */
  readonly ended: Promise<void>;
  private readonly options: WorkerOptions;
  private readonly identity = ownIdentity();
  private readonly runs = new Map<string, { run: Run; checkpoints: AutoCheckpoints; done: Promise<void> }>();
  private readonly resources = new DisposableStack();
  private readonly desk: ApprovalsDesk;
  private readonly worktrees: Worktrees;
  private readonly settings: LiveSettings;
  private readonly day: DayBudget;
  private readonly recovery: ErrorRecovery;
  private readonly queue: QueueWatch;
  private readonly forgotten: ForgottenTasks;
  /** Timer for the next delayed task. */
  private alarm: NodeJS.Timeout | undefined;
  private end: () => void = () => {};
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private stopping: Promise<void> | undefined;
  private idleSince = performance.now();

  constructor(options: WorkerOptions) {
    this.options = options;
    const { store, settings: given } = options;
    this.settings = options.live ?? new LiveSettings({ folder: store.folder, logger: options.logger, given });
    this.worktrees = new Worktrees(this.worktreeContext);
    this.desk = this.resources.add(new ApprovalsDesk(store));
    this.day = this.resources.add(new DayBudget(store, () => dayLimitsOf(this.settings.current.budget?.perDay ?? {})));
    this.recovery = ErrorRecovery.of(() => this.settings.current.recovery ?? {}, this.day);
    this.forgotten = this.resources.add(new ForgottenTasks(store));
    this.queue = this.resources.add(new QueueWatch(options.store.coordination));
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async start(): Promise<void> {
    const { store } = this.options;
    await announce(store.coordination, this.id, this.options.mode);
    this.resources.add(store.on('task:created', () => this.look()));
    this.resources.add(store.on('task:updated', () => this.look()));
    this.resources.add(store.on('task:deleted', () => this.look()));
    await this.settings.refresh();
    this.resources.add(this.settings.onChange(() => this.settingsChanged()));
    this.resources.add(this.recovery.attach(store, this.options.logger));
    this.resources.add(this.queue.onChange(() => this.look()));
    this.resources.add(every(SWEEP_MS, () => this.look()));
    this.resources.add(every(RENEW_MS, () => void this.renew()));
    this.look();
  }

  /** Graceful: agents are ended, their tasks are paused as interrupted, leases are given back. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  /** Looks for work; any number of calls at once make one more look. */
  private look(): void {
    this.lookAgain = true;
    this.looking ??= this.lookUntilDone();
  }

  private async lookUntilDone(): Promise<void> {
    while (this.lookAgain && this.stopping === undefined) {
      this.lookAgain = false;
      if (!(await this.options.store.coordination.exists())) {
        this.options.logger.warn('The folder with the tasks is gone; the worker ends.');
        void this.stop();
        break;
      }
      try {
        await this.settings.refresh();
        await recoverInterrupted(
          this.options.store,
          this.options.agents,
          this.options.logger,
          this.forgotten.isForgotten,
        );
        await Promise.all([...this.runs.values()].map(({ run }) => run.waiting.look()));
        const { playing } = await this.queue.refresh();
        const { onDependencyFailed: policy = 'block' } = this.settings.current;
        await settleDependents(this.options.store, this.recovery, { policy, playing, logger: this.options.logger });
        await this.claimReady();
        if (await this.isIdle()) void this.stop();
      } catch (error) {
        this.options.logger.error('The worker could not look for work; it tries again.', error);
      }
    }
    // In the same breath as the last question whether to look again: no call falls in between.
    this.looking = undefined;
  }

  private async claimReady(): Promise<void> {
    const { store } = this.options;
    const { playing } = this.queue.current;
    const tried = new Set<string>();
    // Own runs that have ended but are not released yet count as well.
    while (this.stopping === undefined && this.atWork() < this.maxParallel && !this.isCrowded(store.view)) {
      const fits = this.fitting(tried, playing);
      const [task] = readyTasks(store.view, 1, { playing, fits });
      if (task === undefined) return;
      tried.add(task.id);
      await this.tryClaim(task, playing);
    }
  }

  /** A task that cannot be claimed now must not keep later ones from being claimed. */
  private fitting(tried: ReadonlySet<string>, playing: boolean): (task: TaskRecord) => boolean {
    const world = this.world(this.options.store.view, playing, Date.now());
    return (task) => {
      // The next sweep claims a task whose former run still releases it.
      if (tried.has(task.id) || this.runs.has(task.id)) return false;
      const situation = standing(task, world);
      if (situation.kind === 'waiting' && situation.for === 'delay') this.wakeAfter(delayOf(task, world.now));
      return situation.kind === 'ready' || isOverLimit(situation);
    };
  }

  private world(tasks: StoreView | Draft, playing: boolean, now: number): World {
    const { agents } = this.options;
    return worldOf({ tasks, agents, playing, now, maxPerAgent: this.maxPerAgent, day: () => this.day.shares(now) });
  }

  private wakeAfter(delay: number): void {
    if (delay === 0) return;
    clearTimeout(this.alarm);
    this.alarm = setTimeout(() => this.look(), delay);
  }

  private get maxParallel(): number {
    return this.options.maxParallel ?? this.settings.current.worker?.maxParallel ?? MAX_PARALLEL;
  }

  private get maxPerAgent(): Readonly<Record<string, number>> | undefined {
    return this.options.maxPerAgent ?? this.settings.current.worker?.maxPerAgent;
  }

  private get sessionIdleMs(): number {
    const { sessionIdleMinutes: minutes } = this.settings.current.worker ?? {};
    return this.options.sessionIdleMs ?? (minutes === undefined ? SESSION_IDLE_MS : minutes * 60_000);
  }

  private get worktreeContext(): WorktreeContext {
    const { store, logger } = this.options;
    const { settings } = this;
    return {
      store,
      logger,
      get settings() {
        return settings.current;
      },
    };
  }

  /** What runs is held to what counts now. */
  private settingsChanged(): void {
    for (const { run, checkpoints } of this.runs.values()) {
      run.lookAtBudget();
      checkpoints.look();
    }
  }

  private isCrowded(tasks: Parameters<typeof atWorkByAgent>[0]): boolean {
    return sum(atWorkByAgent(tasks).values()) >= this.maxParallel;
  }

  /** The task as it is to be claimed, asked for by the queue if it plays; undefined when it is not to be claimed now. */
  private candidate(draft: Draft, id: string, playing: boolean): TaskRecord | undefined {
    const task = draft.byId(id);
    if (task === undefined) return undefined;
    const situation = standing(task, this.world(draft, playing, Date.parse(draft.at)));
    if (situation.kind !== 'ready' && !isOverLimit(situation)) return undefined;
    // An archived one can no longer be claimed or change.
    for (const each of task.depends_on) if (draft.byId(each) !== undefined) draft.require(each);
    draft.guardClaims();
    if (this.isCrowded(draft)) return undefined;
    if (task.queued_at !== undefined) return task;
    const asked = draft.patch(id, requestStart(task, draft.at));
    // It waits for its approval otherwise.
    return pendingApprovals(asked).length === 0 ? asked : undefined;
  }

  private async tryClaim(task: TaskRecord, playing: boolean): Promise<void> {
    const { store, logger } = this.options;
    const executionId = newPartId('execution');
    const resume = resumable(task);
    const claimed = await store.transact('worker.claim', (draft) => {
      const current = this.candidate(draft, task.id, playing);
      if (current === undefined) return undefined;
      const held = holdByBudget(current, draft, draft.at, this.day);
      if (held !== undefined) {
        draft.patch(current.id, held);
        return undefined;
      }
      const execution = { id: executionId, agent: current.tool, worker: this.id, started_at: draft.at };
      draft.log(current.id, {
        message: `Started with ${current.tool}`,
        metadata: { source: 'worker', worker: this.id },
      });
      return draft.patch(current.id, claim(current, this.lease(draft.at), execution, draft.at));
    });
    if (claimed === undefined) return;
    logger.info(`#${claimed.number} "${claimed.title}" starts with ${claimed.tool}.`);
    const run = new Run(
      {
        store,
        desk: this.desk,
        logger,
        worker: this.id,
        sessionIdleMs: () => this.sessionIdleMs,
        findAgent: (name) => this.options.agents.get(name),
        worktrees: this.worktrees,
        settings: this.settings,
        day: this.day,
        isPlaying: () => this.queue.current.playing,
      },
      { task: claimed, executionId, resume },
    );
    const checkpoints = new AutoCheckpoints(this.worktreeContext, claimed.id, this.id);
    const work = run.run().finally(() => checkpoints.stop());
    const done = work.finally(() => {
      this.runs.delete(claimed.id);
      this.idleSince = performance.now();
      this.look();
    });
    this.runs.set(claimed.id, { run, checkpoints, done });
  }

  private lease(at: string): Lease {
    return { worker: this.id, ...this.identity, expires_at: new Date(Date.parse(at) + LEASE_MS).toISOString() };
  }

  private async renew(): Promise<void> {
    const { store, logger } = this.options;
    try {
      await store.transact('worker.renew', (draft) => {
        for (const [id, { run }] of this.runs) {
          const task = draft.byId(id);
          if (task?.lease?.worker !== this.id) continue;
          draft.patch(id, { ...run.clock.slice(task, draft.at), lease: this.lease(draft.at) });
        }
      });
    } catch (error) {
      logger.error('The leases could not be renewed.', error);
    }
  }

  private atWork(): number {
    const { view } = this.options.store;
    return [...this.runs.keys()].filter((id) => {
      const task = view.byId(id);
      return task === undefined || !(task.status === 'completed_active' || awaitsAnswer(task));
    }).length;
  }

  /**
   * True when there was nothing to do for long enough. The worker withdraws first and looks once more after that: a
   * face that still saw it has queued its task before, one that comes later starts another worker.
   */
  private async isIdle(): Promise<boolean> {
    const { store, idleExitMs } = this.options;
    if (idleExitMs === undefined || this.runs.size > 0 || performance.now() - this.idleSince < idleExitMs) return false;
    await withdraw(store.coordination, this.id);
    await store.refresh();
    const { playing } = await this.queue.refresh();
    const fits = this.fitting(new Set(), playing);
    if (readyTasks(store.view, 1, { playing, fits }).length === 0) return true;
    // What came meanwhile has asked for another look; what cannot be claimed now must not ask for one after the other.
    await announce(store.coordination, this.id, this.options.mode);
    return false;
  }

  private async shutDown(): Promise<void> {
    // A claim that is under way becomes a run that has to be stopped, too.
    await this.looking;
    const runs = [...this.runs.values()];
    await Promise.all(runs.map(({ run }) => run.stop()));
    clearTimeout(this.alarm);
    this.desk.dispose();
    await Promise.all(runs.map(({ done }) => done));
    this.resources.dispose();
    await withdraw(this.options.store.coordination, this.id);
    this.end();
  }
}

/** The session of a restored checkpoint, or of an execution that was interrupted or crashed, if its agent told one. */
function resumable(task: TaskRecord): string | undefined {
  const last = task.executions.at(-1);
  if (task.restored?.session_id !== undefined) return task.restored.session_id;
  const failed = resumeSession(task);
  if (failed !== undefined) return failed;
  return task.status === 'paused' && last?.outcome === 'interrupted' ? last.session_id : undefined;
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

function every(ms: number, action: () => void): Disposable {
  const timer = setInterval(action, ms);
  return { dispose: () => clearInterval(timer) };
}

/** The claim pauses such a task instead of running it, so that a person raises the limit and resumes it. */
function isOverLimit(situation: Standing): boolean {
  return situation.kind === 'waiting' && (situation.for === 'limit' || situation.for === 'day_limit');
}
