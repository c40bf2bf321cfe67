import { deepFreeze } from '../../core/deep-freeze.ts';
import type { Disposable } from '../../core/disposable.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import {
  canRecover,
  RAISED_BY,
  type RecoveryVerdict,
  raisedLimit,
  recovered,
  recoveriesLeft,
} from '../../core/policy/recovery.ts';
import { builtInRecovery, type RecoveryRule } from '../../core/policy/recovery-rule.ts';
import { plainErrors } from '../../core/task/json-value.ts';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { DayBudget } from '../budget/day-budget.ts';

/** The error of a task. */
export interface RecoveryError {
  readonly code: string;
  readonly message: string;
}

/** Decides the recovery of a stopped task; undefined leaves it unchanged. It may change the task first. */
export type RecoveryHandler = (
  task: TaskRecord,
  error: RecoveryError,
) => RecoveryVerdict | undefined | Promise<RecoveryVerdict | undefined>;

interface Registered {
  readonly handle: RecoveryHandler | RecoveryRule;
  readonly times: number | undefined;
}

/** By error code: `true` for the built-in recovery, or a rule. */
type RecoveryRules = Readonly<Record<string, RecoveryRule | true>>;

/**
 * Handlers for tasks that stop with an error, by its code. Each handles a task up to three times, or the configured
 * number; the task stores the count across restarts. Each attempt adds a line to the task's log.
 *
 * @example
 * const recovery = new ErrorRecovery().handler('AgentCrashed', () => 'retry', { times: 2 });
 */
export class ErrorRecovery {
  private readonly handlers = new Map<string, Registered>();
  private readonly underway = new Map<string, Promise<void>>();
  /** The stop that a program's handler was last asked about, by task: later changes of the task do not ask again. */
  private readonly asked = new Map<string, string>();
  private rules: () => RecoveryRules = () => ({});
  private day: DayBudget | undefined;

  /**
   * The handlers that the settings name: `true` for the built-in one of a code, or a rule. A function is asked each
   * time, so that settings may change. With `day`, no limit is raised while the daily one is reached.
   */
  static of(rules: RecoveryRules | (() => RecoveryRules), day?: DayBudget): ErrorRecovery {
    const recovery = new ErrorRecovery();
    recovery.rules = typeof rules === 'function' ? rules : () => rules;
    recovery.day = day;
    return recovery;
  }

  /** Registers the handler of an error code, in the place of an earlier one. */
  handler(code: string, handle: RecoveryHandler, { times }: { times?: number | undefined } = {}): this {
    this.handlers.set(code, { handle, times });
    return this;
  }

  /** Helps tasks of a store that stop from now on, until it is disposed of. */
  attach(store: TaskStore, logger: Logger = silentLogger): Disposable {
    return store.on('task:updated', ({ taskId }) => {
      const task = store.view.byId(taskId);
      if (task !== undefined) void this.help(store, task, logger);
    });
  }

  /**
   * True for a task that stopped and that a rule is about to help, as soon as its run has released it. The decision of
   * a program's handler is not known before.
   */
  isToHelp(task: TaskRecord, view: StoreView, now: number): boolean {
    const code = task.error_code ?? '';
    const rule = this.registered(code)?.handle;
    if (typeof rule !== 'object' || !canRecover({ ...task, lease: undefined })) return false;
    if (recoveriesLeft(task, code, rule.times) === 0) return false;
    return rule.action !== 'raise_budget' || this.raised(task, view, now, rule) !== undefined;
  }

  /** Resolves after the recovery of a stopped task, or when no handler applies. Never rejects. */
  help(store: TaskStore, task: TaskRecord, logger: Logger = silentLogger): Promise<void> {
    const underway = this.underway.get(task.id);
    if (underway !== undefined) return underway;
    if (this.registered(task.error_code ?? '') === undefined || !canRecover(task)) return Promise.resolve();
    const helped = this.helpOnce(store, task, logger)
      .catch((error) => logger.error(`#${task.number} could not be helped after ${task.error_code}.`, error))
      .finally(() => this.underway.delete(task.id));
    this.underway.set(task.id, helped);
    return helped;
  }

  private registered(code: string): Registered | undefined {
    const own = this.handlers.get(code);
    if (own !== undefined) return own;
    const given = this.rules()[code];
    const rule = given === true ? builtInRecovery[code] : given;
    return rule === undefined ? undefined : { handle: rule, times: rule.times };
  }

  private raised(
    task: TaskRecord,
    view: StoreView,
    now: number,
    rule: RecoveryRule | undefined,
  ): TaskPatch | undefined {
    const day = this.day?.shares(now) ?? [];
    return raisedLimit(task, view, task.error_code ?? '', now, { factor: rule?.factor, day });
  }

  /** Asks a program's handler once for each stop. A handler that throws uses an attempt and decides nothing. */
  private async ask(
    store: TaskStore,
    task: TaskRecord,
    handle: RecoveryHandler,
    logger: Logger,
  ): Promise<RecoveryVerdict | undefined> {
    const code = task.error_code ?? '';
    const stop = `${code} ${task.history.at(-1)?.at ?? ''}`;
    if (this.asked.get(task.id) === stop) return undefined;
    this.asked.set(task.id, stop);
    try {
      return await handle(deepFreeze(task), { code, message: task.error ?? '' });
    } catch (error) {
      logger.error(`The recovery handler of ${code} failed for #${task.number}.`, error);
      const reason = error instanceof Error ? error.message : String(error);
      await store.transact('recovery.failed', (draft) => {
        const current = draft.byId(task.id);
        if (current === undefined) return;
        const recoveries = { ...current.recoveries, [code]: (current.recoveries?.[code] ?? 0) + 1 };
        draft.patch(task.id, { recoveries });
        const message = `The recovery handler of ${code} failed: ${reason}`;
        draft.log(task.id, {
          level: 'error',
          message,
          metadata: { source: 'recovery', errorCode: code, error: plainErrors('', error) },
        });
      });
      return undefined;
    }
  }

  private async helpOnce(store: TaskStore, task: TaskRecord, logger: Logger): Promise<void> {
    const code = task.error_code ?? '';
    const registered = this.registered(code);
    if (registered === undefined) return;
    const left = recoveriesLeft(task, code, registered.times);
    if (left === 0) return;
    const { handle } = registered;
    const rule = typeof handle === 'function' ? undefined : handle;
    const verdict = typeof handle === 'function' ? await this.ask(store, task, handle, logger) : handle.action;
    if (verdict === undefined || verdict === 'give_up') return;
    await store.transact('recovery.help', (draft) => {
      const current = draft.byId(task.id);
      // A person, or another process, was first.
      if (current === undefined || !canRecover(current) || current.error_code !== code) return;
      if ((current.recoveries?.[code] ?? 0) !== (task.recoveries?.[code] ?? 0)) return;
      const log = (message: string): void =>
        draft.log(task.id, { level: 'warn', message, metadata: { source: 'recovery', errorCode: code } });
      let open = current;
      if (verdict === 'raise_budget') {
        // In one with the count: a limit that is raised without being counted could be raised without end.
        const raised = this.raised(current, draft, Date.parse(draft.at), rule);
        if (raised === undefined) return;
        open = draft.patch(task.id, raised);
        log(`Its limit is raised by ${rule?.factor ?? RAISED_BY} after ${code}.`);
      }
      draft.patch(task.id, recovered(open, verdict === 'raise_budget' ? 'retry' : verdict, draft.at));
      const what = verdict === 'request_human_approval' ? 'A person is asked' : 'It runs again';
      log(`${what} after ${code} (${left - 1} more automatic attempts).`);
    });
  }
}
