/** The steps of a worker that wants to exit. */
interface IdleExitOptions {
  /** Milliseconds without work after which the worker exits. Undefined: never. */
  readonly idleMs: number | undefined;
  /** True while the worker has runs. */
  readonly isBusy: () => boolean;
  /** Withdraws the worker's presence. */
  readonly withdraw: () => Promise<void>;
  readonly announce: () => Promise<unknown>;
  /** Refreshes the store and returns whether a task can be claimed. */
  readonly findsWork: () => Promise<boolean>;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** Decides when a worker without work exits. */
export class IdleExit {
  private readonly options: IdleExitOptions;
  private readonly now: () => number;
  private since: number;

  constructor(options: IdleExitOptions) {
    this.options = options;
    this.now = options.now ?? ((): number => performance.now());
    this.since = this.now();
  }

  /**
   * True after the idle time without work. The worker withdraws first and then checks once more: a face that still saw
   * it has queued its task before, and a later face starts another worker.
   */
  async isDue(): Promise<boolean> {
    const { idleMs, isBusy, withdraw, announce, findsWork } = this.options;
    if (isBusy()) this.since = this.now();
    if (idleMs === undefined || this.now() - this.since < idleMs) return false;
    await withdraw();
    if (!(await findsWork())) return true;
    await announce();
    return false;
  }
}
