import { computed, signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import { type RaceModel, raceProtocol, savedRaceSchema } from './protocol.ts';

const connection = connect(raceProtocol, savedRaceSchema);
export const { channel } = connection;

/** Milliseconds between two loads while an agent works, and at least this many times the duration of a load. */
const LIVE_MS = 3_000;
const REST = 10;

const refused = signal('');
const unloaded = signal('');
export const lang = document.documentElement.lang || 'en';
/** Undefined before the first load; null for a race that is deleted. */
export const race = signal<RaceModel | null | undefined>(undefined);
/** Why the last action or the last load failed; empty if neither did. */
export const failure = computed(() => refused.value || unloaded.value);
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
  while (again) {
    again = false;
    const started = performance.now();
    try {
      show(await channel.request('load', {}));
      unloaded.value = '';
    } catch (error) {
      unloaded.value = textOf(error);
    }
    loadLater(performance.now() - started);
  }
  loading = false;
}

function show(next: RaceModel | null): void {
  race.value = next;
  if (next !== null) connection.save({ folder: next.folder, id: next.id });
}

function loadLater(loadMs: number): void {
  clearTimeout(timer);
  if (race.peek()?.live === true) timer = setTimeout(() => void load(), Math.max(LIVE_MS, loadMs * REST));
}

type Action = Exclude<keyof typeof raceProtocol.requests, 'words' | 'load'>;

/** Runs an action on the race, or on one of its tasks, and shows its error. */
export function act(name: Action, task?: string): void {
  if (busy.peek()) return;
  busy.value = true;
  refused.value = '';
  const input = task === undefined ? {} : { task };
  channel
    .request(name, input as never)
    .then(() => load(), report)
    .finally(() => {
      busy.value = false;
    });
}

export function report(error: unknown): void {
  refused.value = textOf(error);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
