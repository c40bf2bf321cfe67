import { awaitsAnswer } from '../../core/task/question.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { AgentToolsDesk } from '../agent-tools/desk.ts';
import type { ApprovalsDesk } from '../approvals/approvals-desk.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import { AutoCheckpoints } from '../checkpoints/auto.ts';
import type { Outage } from '../liveness/outage.ts';
import type { WorkClock } from '../liveness/work-clock.ts';
import { Run } from '../run/run.ts';
import type { RunContext, RunPlan } from '../run/run-context.ts';
import { Worktrees } from '../run/worktrees.ts';
import { idleMsOf } from '../settings/defaults.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import type { Elsewhere } from '../worktrees/here.ts';
import type { WorktreeContext } from '../worktrees/review.ts';
import type { WorkerOptions } from './worker-options.ts';
import { agentIsFull } from './world.ts';

interface RunsParts {
  readonly options: WorkerOptions;
  /** The worker's id. */
  readonly worker: string;
  readonly settings: LiveSettings;
  readonly desk: ApprovalsDesk;
  readonly day: DayBudget;
  readonly tools: AgentToolsDesk | undefined;
  readonly isPlaying: () => boolean;
  readonly outage: Outage;
}

interface Running {
  readonly run: Run;
  readonly checkpoints: AutoCheckpoints;
  /** Resolves when the run has ended completely. Never rejects. */
  readonly done: Promise<void>;
}

/** The runs of one worker, by the id of their task. */
export class Runs {
  private readonly context: RunContext;
  private readonly worktrees: WorktreeContext;
  private readonly running = new Map<string, Running>();
  private sharing = false;

  constructor({ options, worker, settings, desk, day, tools, isPlaying, outage }: RunsParts) {
    const { store, logger, agents, sessionIdleMs } = options;
    this.worktrees = {
      store,
      logger,
      get settings() {
        return settings.current;
      },
    };
    this.context = {
      store,
      logger,
      agents,
      worker,
      settings,
      desk,
      day,
      tools,
      isPlaying,
      outage,
      worktrees: new Worktrees(this.worktrees),
      isFull(tasks, agent, without) {
        const others = { leased: () => [...tasks.leased()].filter(({ id }) => id !== without) };
        return agentIsFull(others, agent, options.maxPerAgent ?? settings.current.worker?.maxPerAgent);
      },
      sessionIdleMs: () => sessionIdleMs ?? idleMsOf(settings.current),
    };
  }

  get size(): number {
    return this.running.size;
  }

  /** True while a run of the task is active, including its release. */
  readonly has = (id: string): boolean => this.running.has(id);

  /** @param ended called when the run has released its task and is no longer one of these */
  start(plan: RunPlan, ended: () => void): void {
    const { id } = plan.task;
    const run = new Run(this.context, plan);
    const checkpoints = new AutoCheckpoints(this.worktrees, id, this.context.worker);
    const done = run
      .run()
      .finally(() => checkpoints.stop())
      .finally(() => {
        this.running.delete(id);
        ended();
      });
    this.running.set(id, { run, checkpoints, done });
  }

  /**
   * The number of runs that take a slot: open sessions that wait for a person do not, ended runs that release their
   * task do.
   */
  atWork(view: StoreView): number {
    return [...this.running.keys()].filter((id) => {
      const task = view.byId(id);
      return task === undefined || !(task.status === 'completed_active' || awaitsAnswer(task));
    }).length;
  }

  /** Finishes the picks of races and the removals of worktrees that a crash interrupted. Never rejects. */
  async finishInterrupted(): Promise<void> {
    await this.context.worktrees.finishInterrupted().catch((error: unknown) => {
      this.context.logger.warn('Interrupted work on worktrees could not be finished.', error);
    });
  }

  /** See `Worktrees.whyElsewhere`. */
  whyElsewhere(task: TaskRecord): Promise<Elsewhere | undefined> {
    return this.context.worktrees.whyElsewhere(task);
  }

  /** See `Worktrees.shareResults`. A call during another one does nothing. */
  async shareResults(): Promise<void> {
    if (this.sharing) return;
    this.sharing = true;
    await this.context.worktrees.shareResults();
    this.sharing = false;
  }

  clocks(): Map<string, WorkClock> {
    return new Map([...this.running].map(([id, { run }]) => [id, run.clock]));
  }

  /** Applies rules that changed to the requests that wait. */
  async applyRules(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ run }) => run.applyRules()));
  }

  /** Applies changed limits to running tasks. */
  takeSettings(): void {
    for (const { run, checkpoints } of this.running.values()) {
      run.checkLimits();
      checkpoints.adjust();
    }
  }

  /** Ends the agents; their tasks are paused as interrupted. Returns when all are released. */
  async stop(ending: () => void): Promise<void> {
    const running = [...this.running.values()];
    await Promise.all(running.map(({ run }) => run.stop()));
    ending();
    await Promise.all(running.map(({ done }) => done));
  }
}
