import type { Disposable } from '../core/disposable.ts';

type Listener<T> = (payload: T) => void;

interface Entry<Events> {
  readonly event: keyof Events;
  readonly listener: unknown;
  readonly dispose: () => void;
}

/** Registrations of listeners that can also be ended by the listener itself, as with Node's emitters. */
export class Subscriptions<Events extends object> {
  private readonly entries = new Set<Entry<Events>>();
  private readonly register: <K extends keyof Events>(event: K, listener: Listener<Events[K]>) => Disposable;

  constructor(register: <K extends keyof Events>(event: K, listener: Listener<Events[K]>) => Disposable) {
    this.register = register;
  }

  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): Disposable {
    return this.add(event, listener, listener);
  }

  once<K extends keyof Events>(event: K, listener: Listener<Events[K]>): Disposable {
    const registration = this.add(event, listener, (payload) => {
      registration.dispose();
      listener(payload);
    });
    return registration;
  }

  /** Ends the latest registration of this listener. */
  off<K extends keyof Events>(event: K, listener: Listener<Events[K]>): void {
    const found = [...this.entries].findLast((entry) => entry.event === event && entry.listener === listener);
    found?.dispose();
  }

  private add<K extends keyof Events>(
    event: K,
    listener: Listener<Events[K]>,
    called: Listener<Events[K]>,
  ): Disposable {
    const registration = this.register(event, called);
    const entry: Entry<Events> = {
      event,
      listener,
      dispose: () => {
        this.entries.delete(entry);
        registration.dispose();
      },
    };
    this.entries.add(entry);
    return { dispose: entry.dispose };
  }
}
