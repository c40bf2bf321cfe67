import { signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import { type Filter, filterSchema, type Loaded, metricsProtocol } from './protocol.ts';

const connection = connect(metricsProtocol, filterSchema);
export const { channel } = connection;

export const lang = document.documentElement.lang || 'en';
export const loaded = signal<Loaded | undefined>(undefined);
/** Why the last action failed; empty if it did not. */
export const failure = signal('');
const filter = signal<Filter>(connection.saved ?? { folder: '', project: '', range: 'last_30_days', archived: false });
let loading = false;
let again = false;

/** Changes the filter, keeps it for the next time, and loads its numbers. */
export function setFilter(change: Partial<Filter>): void {
  filter.value = { ...filter.peek(), ...change };
  connection.save(filter.peek());
  void load();
}

/** Loads the numbers. Calls during a load cause one more load. The page keeps the previous numbers in the meantime. */
export async function load(): Promise<void> {
  again = true;
  if (loading) return;
  loading = true;
  try {
    while (again) {
      again = false;
      loaded.value = await channel.request('load', filter.peek());
      failure.value = '';
    }
  } catch (error) {
    report(error);
  } finally {
    loading = false;
  }
}

export function report(error: unknown): void {
  failure.value = error instanceof Error ? error.message : String(error);
}
