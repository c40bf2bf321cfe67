import { type Disposable, DisposableStack } from '../../core/disposable.ts';
import { newPartId } from '../../core/task/id.ts';
import { rateLimitDelay } from '../../core/task/rate-limit.ts';
import { removeLeftBehind } from '../../machine/temporary.ts';
import type { StoreView } from '../../store/journal/view.ts';
import { AgentToolsDesk } from '../agent-tools/desk.ts';
import { ApprovalsDesk } from '../approvals/approvals-desk.ts';
import { DayBudget } from '../budget/day-budget.ts';
import { Hooks } from '../hooks/hooks.ts';
import { Outage } from '../liveness/outage.ts';
import { ANNOUNCE_MS, announce, withdraw } from '../liveness/presence.ts';
import { QueueWatch } from '../queue/queue-state.ts';
import { ForgottenTasks } from '../recovery/forgotten-tasks.ts';
import { recoverInterrupted } from '../recovery/interrupted.ts';
import { ErrorRecovery } from '../recovery/recovery.ts';
import { dayLimitsOf } from '../settings/day-limits.ts';
import { LiveSettings } from '../settings/live-settings.ts';
import { settleDependents } from './dependents.ts';
import { Dispatcher } from './dispatcher.ts';
import { IdleExit } from './idle-exit.ts';
import { Leases, RENEW_MS } from './leases.ts';
import { Runs } from './runs.ts';
import type { WorkerOptions } from './worker-options.ts';

const SWEEP_MS = 5_000;
/** Between attempts to push results for other machines. */
const SHARE_MS = 60_000;

/**
 * Claims ready tasks and runs them. It knows its tasks through the store alone.
 *
 * @example
 * const worker = new Worker({ store: host.store, agents: host.agents, logger: host.logger, mode: 'foreground' });
 * await worker.ended;
 */
export class Worker {
  readonly id = newPartId('worker');
  /** Resolves when the worker has ended, on its own or by `stop`. */
  readonly ended: Promise<void>;
  private readonly options: WorkerOptions;
  private readonly resources = new DisposableStack();
  private readonly settings: LiveSettings;
  private readonly desk: ApprovalsDesk;
  private readonly day: DayBudget;
  private readonly recovery: ErrorRecovery;
  private readonly queue: QueueWatch;
  private readonly forgotten: ForgottenTasks;
  private readonly leases: Leases;
  private readonly tools: AgentToolsDesk | undefined;
  private readonly runs: Runs;
  private readonly hooks: Hooks;
  private readonly outage: Outage;
  private readonly dispatcher: Dispatcher;
  private readonly idle: IdleExit;
  private end: () => void = () => {};
  private dispatching: Promise<void> | undefined;
  private dispatchAgain = false;
  private stopping: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.options = options;
    const { store, logger, settings: given } = options;
    const { coordination } = store;
    this.settings = options.live ?? new LiveSettings({ folder: store.folder, logger, given });
    this.desk = this.resources.add(new ApprovalsDesk(store));
    this.day = this.resources.add(new DayBudget(store, () => dayLimitsOf(this.settings.current.budget?.perDay ?? {})));
    this.recovery = ErrorRecovery.of(() => this.settings.current.recovery ?? {}, this.day);
    this.forgotten = this.resources.add(new ForgottenTasks(store));
    this.queue = this.resources.add(new QueueWatch(coordination));
    this.leases = new Leases({ store, worker: this.id, logger });
    const { settings, desk, day, queue, leases } = this;
    this.tools = options.program === undefined ? undefined : new AgentToolsDesk(options.program, logger);
    const { tools } = this;
    this.outage = new Outage(coordination.server);
    this.runs = new Runs({
      options,
      worker: this.id,
      settings,
      desk,
      day,
      tools,
      isPlaying: () => queue.current.playing,
      outage: this.outage,
    });
    this.hooks = new Hooks({
      store,
      logger,
      hooks: () => this.settings.current.hooks ?? [],
      // A group has no run of its own: the worker that ends its last part reports it.
      isOwn: ({ id, kind }) =>
        this.runs.has(id) || (kind === 'group' && [...store.view.children(id)].some((part) => this.runs.has(part.id))),
    });
    this.dispatcher = new Dispatcher({
      options,
      settings,
      queue,
      day,
      leases,
      runs: this.runs,
      dispatch: () => this.dispatch(),
    });
    this.idle = new IdleExit({
      idleMs: options.idleExitMs,
      // No other process would resume a task that waits for a rate limit.
      isBusy: () => this.runs.size > 0 || waitsForRateLimit(store.view),
      withdraw: () => withdraw(coordination, this.id),
      announce: () => this.announce(),
      findsWork: () => this.dispatcher.findsWork(),
    });
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  /** Announces the worker and begins to run queued tasks. @throws TaskError if the store is read-only */
  async start(): Promise<void> {
    const { store, logger } = this.options;
    store.requireWritable();
    await this.settings.refresh();
    await this.announce();
    this.resources.add(store.on('task:created', () => this.dispatch()));
    this.resources.add(store.on('task:updated', () => this.dispatch()));
    this.resources.add(store.on('task:deleted', () => this.dispatch()));
    this.resources.add(this.settings.onChange(() => this.runs.takeSettings()));
    this.resources.add(this.recovery.attach(store, logger));
    this.resources.add(this.queue.onChange(() => this.dispatch()));
    this.resources.add(every(SWEEP_MS, () => this.dispatch()));
    if (store.coordination.isShared) this.resources.add(every(ANNOUNCE_MS, () => this.announceAgain()));
    this.resources.add(every(RENEW_MS, () => void this.leases.renew(this.runs.clocks())));
    const changes = store.coordination.server?.onChange(() => this.answersAgain());
    if (changes !== undefined) this.resources.add(changes);
    void this.runs.finishInterrupted();
    void removeLeftBehind();
    if (store.coordination.isShared) {
      this.resources.add(every(SHARE_MS, () => void this.runs.shareResults()));
      void this.runs.shareResults();
    }
    this.dispatch();
  }

  /** Graceful: agents are ended, their tasks are paused as interrupted, leases are given back. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async announce(): Promise<void> {
    const { store, agents, mode, onlyAgents } = this.options;
    const { isShared } = store.coordination;
    // Processes on other machines cannot see the settings and the programs of this one.
    const maxParallel = this.options.maxParallel ?? (isShared ? this.settings.current.worker?.maxParallel : undefined);
    const names = onlyAgents ?? agents.names;
    const installed = isShared ? names.filter((name) => agents.unavailable(name) === undefined) : undefined;
    await announce(store.coordination, this.id, mode, {
      maxParallel,
      agents: installed,
      limited: onlyAgents !== undefined,
    });
  }

  /** Without an answer from the store, the next announcement tries again. */
  private announceAgain(): void {
    if (this.stopping === undefined) this.announce().catch(() => {});
  }

  /** After an outage, before other workers take the tasks of this one over. */
  private answersAgain(): void {
    if (this.outage.isOn || this.stopping !== undefined) return;
    void this.leases.renew(this.runs.clocks());
    this.announceAgain();
    this.dispatch();
  }

  /** Starts the work that can start; any number of calls at once make one more pass. */
  private dispatch(): void {
    this.dispatchAgain = true;
    this.dispatching ??= this.dispatchUntilDone();
  }

  private async dispatchUntilDone(): Promise<void> {
    const { store, logger } = this.options;
    while (this.dispatchAgain && this.stopping === undefined) {
      this.dispatchAgain = false;
      try {
        if (!(await store.coordination.exists())) {
          logger.warn('The folder with the tasks is gone; the worker ends.');
          void this.stop();
          break;
        }
        await this.dispatchOnce();
        if (await this.idle.isDue()) void this.stop();
      } catch (error) {
        logger.error('The worker could not look for work; it tries again.', error);
      }
    }
    // Synchronous after the last check of the condition, so that no call is lost.
    this.dispatching = undefined;
  }

  private async dispatchOnce(): Promise<void> {
    const { store, agents, logger } = this.options;
    await this.settings.refresh();
    const { isForgotten } = this.forgotten;
    await recoverInterrupted(store, agents, logger, { isForgotten, worker: { id: this.id, runs: this.runs.has } });
    await this.runs.applyRules();
    const { playing } = await this.queue.refresh();
    const { onDependencyFailed: policy = 'block' } = this.settings.current;
    await settleDependents(store, this.recovery, { policy, playing, logger });
    await this.dispatcher.claimReady();
  }

  private async shutDown(): Promise<void> {
    this.dispatcher.stop();
    this.outage.giveUp();
    // A pending claim becomes a run that must be stopped, too.
    await this.dispatching;
    await this.runs.stop(() => this.desk.dispose());
    await Promise.all([this.tools?.close(), this.hooks.close()]);
    this.resources.dispose();
    // Without an answer from the store, the others notice the silence.
    await withdraw(this.options.store.coordination, this.id).catch(() => {});
    this.end();
  }
}

function every(ms: number, action: () => void): Disposable {
  const timer = setInterval(action, ms);
  return { dispose: () => clearInterval(timer) };
}

function waitsForRateLimit({ frontier }: StoreView): boolean {
  return frontier.take(1, (task) => rateLimitDelay(task, Date.now()) > 0).length > 0;
}
