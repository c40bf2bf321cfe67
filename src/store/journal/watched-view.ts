import type { TaskRecord } from '../../core/task/schema.ts';
import type { Transaction } from './change.ts';
import type { StoreView } from './view.ts';

/** A view that notes what a mutation reads. */
export interface WatchedView {
  readonly view: StoreView;
  /** True if the journal's verdict on the transaction covers everything that was read. */
  covers(transaction: Transaction): boolean;
}

/** Everything except single tasks counts as a read of the whole store. */
export function watchedView(base: StoreView): WatchedView {
  const read = new Set<string>();
  let wide = false;
  const byId = (id: string): TaskRecord | undefined => {
    const task = base.byId(id);
    // A task that does not exist yet may exist on the latest state; only the creation of its id is covered.
    read.add(id);
    return task;
  };
  const view = new Proxy(base, {
    get(target, key) {
      if (key === 'byId') return byId;
      wide = true;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    view,
    covers({ ops, reads = [] }) {
      const known = new Set([...ops.map(({ id }) => id), ...reads]);
      return !wide && [...read].every((id) => known.has(id));
    },
  };
}
