import type { Disposable } from '../core/disposable.ts';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { type TaskEvents, taskEventNames } from '../core/task/events.ts';
import type { OperationContext } from '../operations/context.ts';
import { type ContextSource, WithContext } from './context-source.ts';

/** One event of one task. */
export interface BusEvent {
  /** `task.3.progress`, with the number of the task. */
  readonly name: string;
  readonly taskId: string;
  /** The payload of the store's event, for example `{ progress }` or `{ old_status, new_status, reason }`. */
  readonly data: Readonly<Record<string, unknown>>;
}

export type BusHandler = (event: BusEvent) => unknown;

type StoreEvent = (typeof taskEventNames)[number];

/** The last part of an event's name, by the event of the store. */
const kinds: Readonly<Record<StoreEvent, string>> = {
  'task:created': 'created',
  'task:updated': 'updated',
  'task:log:added': 'log',
  'task:completed': 'completed',
  'task:deleted': 'deleted',
  'task:loaded': 'loaded',
  'task:status_changed': 'status_changed',
  'task:progress': 'progress',
  'approval:requested': 'approval_requested',
  'approval:decided': 'approval_decided',
  'budget:reached': 'budget_reached',
  'task:quiet': 'quiet',
};

interface Registration {
  readonly pattern: readonly string[];
  readonly handler: BusHandler;
  readonly project?: string;
}

/**
 * Events of tasks by patterns: `task.3.progress`, `task.*.status_changed`, `task.*.*`. A task is named by number or id. The
 * last part is `created`, `updated`, `log`, `completed`, `deleted`, `loaded`, `status_changed`, `progress`,
 * `approval_requested`, `approval_decided`, `budget_reached` or `quiet`. An error of a handler is logged and stops nothing.
 *
 * @example
 * const bus = new EventBus();
 * bus.on('task.*.progress', ({ name, data }) => console.log(name, data.progress));
 */
export class EventBus extends WithContext {
  private static shared: EventBus | undefined;
  private readonly registrations = new Set<Registration>();
  private readonly subscriptions = new Map<StoreEvent, Disposable>();
  private listening: Promise<void> = Promise.resolve();

  constructor(source: ContextSource = {}) {
    // Changes of other processes are events, too.
    super('store' in source ? source : { watch: true, ...source });
  }

  /**
   * A decorator for a handler on the bus of the nearest folder; `EventBus.handler(pattern)(listener)` registers a function.
   *
   * @throws TaskError `InvalidInput` for a pattern that can match nothing
   */
  static handler(pattern: string): <F extends BusHandler>(handler: F, context?: unknown) => F {
    EventBus.shared ??= new EventBus();
    return EventBus.shared.handler(pattern);
  }

  /** Ends all handlers of `EventBus.handler`, so that the process can exit. */
  static async close(): Promise<void> {
    const { shared } = EventBus;
    EventBus.shared = undefined;
    await shared?.close();
  }

  /**
   * A decorator that registers a handler and leaves it as it is.
   *
   * @throws TaskError `InvalidInput` for a pattern that can match nothing
   */
  handler(pattern: string): <F extends BusHandler>(handler: F, context?: unknown) => F {
    patternOf(pattern);
    return (handler) => {
      this.on(pattern, handler);
      return handler;
    };
  }

  /**
   * Calls the handler for each matching event until it is disposed.
   *
   * @throws TaskError `InvalidInput` for a pattern that can match nothing
   */
  on(pattern: string, handler: BusHandler): Disposable {
    return this.register({ pattern: patternOf(pattern), handler });
  }

  /** Calls the handler for each event of each task of a project, new tasks included. */
  monitorProject(project: string, handler: BusHandler): Disposable {
    return this.register({ pattern: ['task', '*', '*'], handler, project });
  }

  /** Resolves when all registered handlers get events. @throws TaskError if the store of the folder cannot be read */
  async ready(): Promise<void> {
    await this.listening;
  }

  /** Ends all handlers, and closes the folder if this object opened it. */
  override async close(): Promise<void> {
    this.registrations.clear();
    await this.listening.catch(() => {});
    for (const subscription of this.subscriptions.values()) subscription.dispose();
    this.subscriptions.clear();
    await super.close();
  }

  private register(registration: Registration): Disposable {
    this.registrations.add(registration);
    this.listening = this.listening.then(() => this.listen(registration));
    // Reported by `ready()`; a program that does not wait for it is not ended.
    this.listening.catch(() => {});
    return { dispose: () => void this.registrations.delete(registration) };
  }

  private async listen({ pattern: [, , kind] }: Registration): Promise<void> {
    const context = await this.context();
    for (const event of taskEventNames) {
      // Listening to logs reads them, so that a pattern for every kind does not include them.
      const wanted = kind === kinds[event] || (kind === '*' && event !== 'task:log:added');
      if (!wanted || this.subscriptions.has(event)) continue;
      this.subscriptions.set(
        event,
        context.store.on(event, (payload) => this.dispatch(context, event, payload)),
      );
    }
  }

  private dispatch(context: OperationContext, event: StoreEvent, payload: TaskEvents[StoreEvent]): void {
    const taskId = 'taskId' in payload ? payload.taskId : payload.task.id;
    const task = 'task' in payload ? payload.task : context.store.view.byId(taskId);
    const name = `task.${task?.number ?? taskId}.${kinds[event]}`;
    for (const { pattern, handler, project } of [...this.registrations]) {
      const [, reference, kind] = pattern;
      if (kind !== '*' ? kind !== kinds[event] : event === 'task:log:added') continue;
      if (reference !== '*' && reference !== taskId && reference !== String(task?.number)) continue;
      if (project !== undefined && task?.project !== project) continue;
      void call(context, handler, { name, taskId, data: payload as unknown as BusEvent['data'] });
    }
  }
}

async function call({ logger }: OperationContext, handler: BusHandler, event: BusEvent): Promise<void> {
  try {
    await handler(event);
  } catch (error) {
    logger.error(`A handler of ${event.name} failed.`, error);
  }
}

/** @throws TaskError `InvalidInput` */
function patternOf(pattern: string): readonly string[] {
  const parts = pattern.split('.');
  const [subject, reference, kind = ''] = parts;
  const known = kind === '*' || Object.values(kinds).includes(kind);
  if (parts.length === 3 && subject === 'task' && reference !== '' && known) return parts;
  throw new TaskError('InvalidInput', `No event matches "${pattern}".`, {
    next: [textStep(`Write task.3.progress or task.*.status_changed. Kinds: ${Object.values(kinds).join(', ')}.`)],
  });
}
