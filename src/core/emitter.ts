import type { Disposable } from './disposable.ts';

type Listener<T> = (payload: T) => void;

/** Called with the error of a listener, its event and the payload that it was called with. */
export type ListenerReport<Events> = <K extends keyof Events>(error: unknown, event: K, payload: Events[K]) => void;

/**
 * A typed event source over one map of event names to payloads. An error of a listener, also an asynchronous one, is
 * reported and affects neither the other listeners nor the change that the event reports.
 */
export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<Listener<never>>>();
  private readonly report: ListenerReport<Events>;

  constructor(report: ListenerReport<Events> = () => {}) {
    this.report = report;
  }

  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): Disposable {
    let set = this.listeners.get(event);
    if (set === undefined) {
      set = new Set();
      this.listeners.set(event, set);
    }
    // A separate wrapper per registration: the same function registered twice is called twice and removed once.
    const own: Listener<Events[K]> = (payload) => listener(payload);
    set.add(own as Listener<never>);
    return { dispose: () => void this.listeners.get(event)?.delete(own as Listener<never>) };
  }

  emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    const report = (error: unknown): void => this.report(error, event, payload);
    for (const listener of [...(this.listeners.get(event) ?? [])]) {
      // One before it may have ended its registration.
      if (this.listeners.get(event)?.has(listener) !== true) continue;
      try {
        const result: unknown = (listener as Listener<Events[K]>)(payload);
        if (result instanceof Promise) result.catch(report);
      } catch (error) {
        report(error);
      }
    }
  }

  /** True if no event has a listener. */
  get isSilent(): boolean {
    for (const set of this.listeners.values()) if (set.size > 0) return false;
    return true;
  }

  has(event: keyof Events): boolean {
    return (this.listeners.get(event)?.size ?? 0) > 0;
  }

  dispose(): void {
    this.listeners.clear();
  }
}
