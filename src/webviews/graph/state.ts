import { computed, signal } from '@preact/signals';
import * as z from 'zod/mini';
import { connect } from '../kit/connect.ts';
import type { Camera } from './camera.ts';
import { type Filter, filterSchema, graphProtocol, type Loaded } from './protocol.ts';
import { SceneIndex } from './scene-index.ts';

const savedSchema = z.strictObject({
  filter: filterSchema,
  camera: z.nullable(z.strictObject({ x: z.number(), y: z.number(), scale: z.number() })),
});

const connection = connect(graphProtocol, savedSchema);
export const { channel } = connection;

const everything: Filter = { folder: '', project: '', phase: '', task: '', detail: 'auto' };

export const lang = document.documentElement.lang || 'en';
export const loaded = signal<Loaded | undefined>(undefined);
/** Why the last action failed; empty if it did not. */
export const failure = signal('');
/** The last message for a screen reader. */
export const spoken = signal('');
const filter = signal<Filter>(connection.saved?.filter ?? everything);
/** Null until the picture is fitted to the canvas. */
export const camera = signal<Camera | null>(connection.saved?.camera ?? null);
export const selected = signal<number | undefined>(undefined);
export const query = signal('');

export const index = computed(() => {
  const scene = loaded.value?.scene ?? undefined;
  return scene === undefined ? undefined : new SceneIndex(scene);
});

/** Numbers of the nodes that the search finds; undefined without a search. */
export const found = computed<ReadonlySet<number> | undefined>(() => {
  const words = query.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const nodes = index.value?.scene.nodes;
  if (words.length === 0 || nodes === undefined) return undefined;
  const fits = nodes.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  return new Set(fits.map(({ number }) => number));
});

let loading = false;
let again = false;
/** The next scene is fitted to the canvas. The current scene keeps its place until then. */
let refit = false;
/** True during a drag. */
let holding = false;
/** Loaded during a drag. */
let held: Loaded | undefined;
let saving: ReturnType<typeof setTimeout> | undefined;

/** Shows another part of the tasks, fitted to the canvas. */
export function setFilter(change: Partial<Filter>): void {
  const wish = filter.peek();
  // A choice is about the folder that the person sees, also while the wanted one is missing.
  filter.value = { ...wish, folder: loaded.peek()?.filter.folder ?? wish.folder, ...change };
  refit = true;
  selected.value = undefined;
  query.value = '';
  keep();
  void load();
}

export function moveCamera(value: Camera): void {
  camera.value = value;
  clearTimeout(saving);
  saving = setTimeout(keep, 300);
}

function keep(): void {
  connection.save({ filter: filter.peek(), camera: refit ? null : camera.peek() });
}

/** Loads the scene. Calls during a load cause one more load. Camera and selection stay. */
export async function load(): Promise<void> {
  again = true;
  if (loading) return;
  loading = true;
  try {
    while (again) {
      again = false;
      const data = await channel.request('load', filter.peek());
      // The host may know a later wish: "Show in Graph" on a page that was hidden.
      if (again) continue;
      if (holding) held = data;
      else show(data);
    }
  } catch (error) {
    report(error);
  } finally {
    loading = false;
  }
}

function show(data: Loaded): void {
  held = undefined;
  const before = loaded.peek()?.filter ?? filter.peek();
  if (refit || data.filter.task !== before.task) camera.value = null;
  refit = false;
  // Not the applied filter: a missing part of the wish may come back, such as the store of a folder.
  filter.value = data.wish;
  loaded.value = data;
  const number = selected.peek();
  if (number !== undefined && index.peek()?.byNumber.has(number) !== true) selected.value = undefined;
}

/** Keeps the scene until `release`: a scene that changes beneath the pointer would change the target of a drag. */
export function hold(): void {
  holding = true;
}

/** Shows the last scene that was loaded since `hold`. */
export function release(): void {
  holding = false;
  if (held !== undefined) show(held);
}

/** Runs an action of the host, and shows its error. */
export function act(action: Promise<unknown>): void {
  failure.value = '';
  action.catch(report);
}

export function report(error: unknown): void {
  failure.value = error instanceof Error ? error.message : String(error);
}

/** Opens a task, or shows the tasks of a cluster. */
export function open(number: number): void {
  const node = index.peek()?.byNumber.get(number);
  const folder = loaded.peek()?.filter.folder;
  if (node === undefined || folder === undefined) return;
  if (node.scope === null) act(channel.request('openTask', { folder, task: node.id }));
  else setFilter({ ...node.scope, task: '', detail: 'auto' });
}
