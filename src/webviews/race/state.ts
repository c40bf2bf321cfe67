import { signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import { type RaceModel, raceProtocol, savedRaceSchema } from './protocol.ts';

const connection = connect(raceProtocol, savedRaceSchema);
export const { channel } = connection;

/** Milliseconds between two loads while an agent works, and at least this many times the duration of a load. */
const LIVE_MS = 3_000;
const REST = 10;

export const lang = document.documentElement.lang || 'en';
/** Undefined before the first load; null for a race that is deleted. */
export const race = signal<RaceModel | null | undefined>(undefined);
/** Why the last action failed; empty if it did not. */
export const failure = signal('');
/** An action of a person is not done yet. A second press would repeat it. */
export const busy = signal(false);

let loading = false;
let again = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Loads the race. Calls during a load cause one more load. The page keeps the previous content in the meantime. */
export async function load(): Promise<void> {
  again = true;
  if (loading) return;
  loading = true;
  try {
    while (again) {
      again = false;
      const started = performance.now();
      show(await channel.request('load', {}), performance.now() - started);
    }
  } catch (error) {
    report(error);
  } finally {
    loading = false;
  }
}

function show(next: RaceModel | null, loadMs: number): void {
  clearTimeout(timer);
  race.value = next;
  if (next === null) return;
  connection.save({ folder: next.folder, id: next.id });
  if (next.live) timer = setTimeout(() => void load(), Math.max(LIVE_MS, loadMs * REST));
}

type Action = Exclude<keyof typeof raceProtocol.requests, 'words' | 'load'>;

/** Runs an action on the race, or on one of its tasks, and shows its error. */
export function act(name: Action, task?: string): void {
  if (busy.peek()) return;
  busy.value = true;
  failure.value = '';
  const input = task === undefined ? {} : { task };
  channel
    .request(name, input as never)
    .then(() => load(), report)
    .finally(() => {
      busy.value = false;
    });
}

export function report(error: unknown): void {
  failure.value = error instanceof Error ? error.message : String(error);
}
