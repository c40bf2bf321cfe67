/**
 * One of a few clients that work on the same few tasks at once, as a process of its own. Writes one line for each thing
 * that it did: what, when it asked, when it was answered, and what it was told.
 */
import { setTimeout } from 'node:timers/promises';
import { TaskError } from '../../src/core/errors.ts';
import { addTask } from '../../src/store/task-changes.ts';
import { openStore } from './support/open-store.ts';
import { type Action, CHANGED, GONE, shown } from './support/sequential-model.ts';

const [place = '', client = '', steps = '0', compactAt = '0'] = process.argv.slice(2);
const store = await openStore(place, { compactAt: Number(compactAt), watch: true });
const any = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];
const countOf = (id: string): number => Number(store.view.byId(id)?.metadata['count']);

for (let i = 0; i < Number(steps); i += 1) {
  const from = process.hrtime.bigint();
  const { action, result } = await act();
  const to = process.hrtime.bigint();
  console.log(JSON.stringify({ client, from: `${from}`, to: `${to}`, action, result }));
  if (Math.random() < 0.2) await setTimeout(Math.random() * 5);
}
await store.close();

async function act(): Promise<{ action: Action; result: unknown }> {
  const tasks = [...store.view.all()];
  const task = any(tasks);
  const kind = Math.random();
  if (task === undefined || (tasks.length < 4 && kind < 0.1)) {
    const made = await store.transact('create', (draft) => addTask(draft, { title: client, metadata: { count: 0 } }));
    // Another client may have deleted it before this one could look at its number.
    return { action: { kind: 'create', id: made.id }, result: store.view.byId(made.id)?.number ?? null };
  }
  const { id, revision } = task;
  if (kind < 0.4) return { action: { kind: 'add', id }, result: await told(() => add(id)) };
  if (kind < 0.55) {
    const to = any(tasks.filter((other) => other.id !== id))?.id;
    if (to !== undefined) return { action: { kind: 'move', id, to }, result: await told(() => move(id, to)) };
  }
  if (kind < 0.7) {
    const count = Math.floor(Math.random() * 1_000);
    return { action: { kind: 'ifAt', id, revision, count }, result: await told(() => setAt(id, revision, count)) };
  }
  if (kind < 0.75) return { action: { kind: 'delete', id }, result: await store.deleteTask(id) };
  await store.refresh();
  const all = [...store.view.all()].map((seen) => [seen.id, { ...seen, count: countOf(seen.id) }] as const);
  return { action: { kind: 'read' }, result: shown(all) };
}

function add(id: string): Promise<number> {
  return store.transact('add', (draft) => {
    const count = Number(draft.require(id).metadata['count']) + 1;
    draft.patch(id, { metadata: { count } });
    return count;
  });
}

function move(id: string, to: string): Promise<string> {
  return store.transact('move', (draft) => {
    const [less, more] = [
      Number(draft.require(id).metadata['count']) - 1,
      Number(draft.require(to).metadata['count']) + 1,
    ];
    draft.patch(id, { metadata: { count: less } });
    draft.patch(to, { metadata: { count: more } });
    return `${less} ${more}`;
  });
}

async function setAt(id: string, revision: number, count: number): Promise<unknown> {
  const task = await store.updateTask(id, { metadata: { count } }, { ifRevision: revision });
  return task === null ? GONE : count;
}

/** What a client is told: the result, or why there is none. */
async function told(change: () => Promise<unknown>): Promise<unknown> {
  try {
    return await change();
  } catch (error) {
    if (TaskError.is(error, 'TaskNotFound')) return GONE;
    if (TaskError.is(error, 'RevisionConflict')) return CHANGED;
    throw error;
  }
}
