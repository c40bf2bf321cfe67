import type { Disposable } from '../core/disposable.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import {
  builtInRecovery,
  canRecover,
  RAISED_BY,
  type RecoveryRule,
  type RecoveryVerdict,
  raisedLimit,
  recovered,
  recoveriesLeft,
} from '../core/policy/recovery.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { TaskStore } from '../store/task-store.ts';

/** What went wrong, as the task tells it. */
export interface RecoveryError {
  readonly code: string;
  readonly message: string;
}

/** Says what becomes of a task that stopped; nothing said leaves it as it is. It may change the task first. */
export type RecoveryHandler = (
  task: TaskRecord,
  error: RecoveryError,
) => RecoveryVerdict | undefined | Promise<RecoveryVerdict | undefined>;

interface Registered {
  readonly handle: RecoveryHandler | RecoveryRule;
  readonly times: number | undefined;
}

/**
 * Handlers for tasks that stop with an error, by its code. Each helps a task three times at most, or as often as it
 * says; the task counts that, also over restarts. Every help is a line in the task's log.
 */
export class ErrorRecovery {
  private readonly handlers = new Map<string, Registered>();

  /** The handlers that the settings name: `true` for the built-in one of a code, or a rule. */
  static of(rules: Readonly<Record<string, RecoveryRule | true>>): ErrorRecovery {
    const recovery = new ErrorRecovery();
    for (const [code, given] of Object.entries(rules)) {
      const rule = given === true ? builtInRecovery[code] : given;
      if (rule !== undefined) recovery.handlers.set(code, { handle: rule, times: rule.times });
    }
    return recovery;
  }

  /** Registers the handler of an error code, in the place of an earlier one. */
  handler(code: string, handle: RecoveryHandler, { times }: { times?: number | undefined } = {}): this {
    this.handlers.set(code, { handle, times });
    return this;
  }

  /** Helps tasks of a store that stop from now on, until it is disposed of. */
  attach(store: TaskStore, logger: Logger = silentLogger): Disposable {
    const underway = new Set<string>();
    return store.on('task:updated', ({ taskId }) => {
      const task = store.view.byId(taskId);
      if (task === undefined || underway.has(taskId) || !this.handlers.has(task.error_code ?? '')) return;
      if (!canRecover(task)) return;
      underway.add(taskId);
      void this.help(store, task)
        .catch((error) => logger.error(`#${task.number} could not be helped after ${task.error_code}.`, error))
        .finally(() => underway.delete(taskId));
    });
  }

  private async help(store: TaskStore, task: TaskRecord): Promise<void> {
    const code = task.error_code ?? '';
    const registered = this.handlers.get(code);
    if (registered === undefined) return;
    const left = recoveriesLeft(task, code, registered.times);
    if (left === 0) return;
    const { handle } = registered;
    const rule = typeof handle === 'function' ? undefined : handle;
    const verdict =
      typeof handle === 'function' ? await handle(task, { code, message: task.error ?? '' }) : handle.action;
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
        const raised = raisedLimit(current, draft, code, Date.parse(draft.at), rule?.factor);
        if (raised === undefined) return;
        open = draft.patch(task.id, raised);
        log(`Its limit is raised by ${rule?.factor ?? RAISED_BY} after ${code}.`);
      }
      draft.patch(task.id, recovered(open, verdict === 'raise_budget' ? 'retry' : verdict, draft.at));
      const what = verdict === 'request_human_approval' ? 'A person is asked' : 'It runs again';
      log(`${what} after ${code} (${left - 1} more times by itself).`);
    });
  }
}
