/**
 * One of many clients of a store, as a process of its own: mixed operations in an order that its seed decides. Writes a
 * line to standard output for each change that was acknowledged, and for each one before it is asked for. When it is
 * done it waits until its standard input ends, and tells what it sees by then.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { TaskError } from '../../src/core/errors.ts';
import { decideApproval } from '../../src/core/task/decide.ts';
import { requestApproval } from '../../src/core/task/request.ts';
import { openStore } from './support/open-store.ts';

const [place = '', name = '', operations = '0', compactAt = '100000'] = process.argv.slice(2);
/** Written before the call returns: a server may commit a change whose client was killed after it sent it. */
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
let seed = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
const random = (below: number): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

const store = await openStore(place, { compactAt: Number(compactAt), watch: true });
for (let i = 0; i < Number(operations); i += 1) await operation(i);
say({ done: true });
await new Promise((resolve) => process.stdin.once('close', resolve).resume());
for (let tries = 1; ; tries += 1) {
  try {
    await store.refresh();
    break;
  } catch (error) {
    if (tries === 100) throw error;
    await delay(100);
  }
}
const seen = [...store.view.all()].sort((a, b) => a.number - b.number);
say({ view: createHash('sha256').update(JSON.stringify(seen)).digest('hex') });
await store.close();

async function operation(i: number): Promise<void> {
  const ids = [...store.view.all()].map((task) => task.id);
  const id = ids[random(ids.length)];
  const kind = id === undefined ? 0 : random(12);
  try {
    if (id === undefined || kind < 4) await create(i);
    else if (kind < 7) await count(id);
    else if (kind === 7) await log(id, i);
    else if (kind === 8) await remove(id);
    else if (kind === 9) await approve(id);
    else if (kind === 10) await update(id, i);
    else await complete(id);
  } catch (error) {
    // The database is away for a while.
    if (place.startsWith('postgres:') && TaskError.is(error, 'StoreNotWritable')) return void (await delay(100));
    // Another client deleted it first, or started it first.
    if (!TaskError.is(error, 'TaskNotFound', 'IllegalTransition', 'TaskRunning')) throw error;
  }
}

async function create(i: number): Promise<void> {
  const title = `${name}/${i}`;
  say({ asks: 'create', title });
  const task = await store.createTask({ title, metadata: { count: 0 } });
  say({ created: title, id: task.id, number: task.number });
}

async function count(id: string): Promise<void> {
  say({ asks: 'count', id });
  await store.transact('count', (draft) => {
    const task = draft.require(id);
    draft.patch(task.id, { metadata: { ...task.metadata, count: Number(task.metadata['count']) + 1 } });
  });
  say({ counted: id });
}

async function log(id: string, i: number): Promise<void> {
  await store.addLog(id, `${name}/${i}`);
  say({ logged: id, line: `${name}/${i}` });
}

async function update(id: string, i: number): Promise<void> {
  const description = `${name}/${i}`;
  say({ asks: 'update', id, description });
  if ((await store.updateTask(id, { description })) !== null) say({ updated: id });
}

async function complete(id: string): Promise<void> {
  if ((await store.completeTask(id, { by: name })) !== null) say({ completed: id });
}

async function remove(id: string): Promise<void> {
  say({ asks: 'delete', id });
  if (await store.deleteTask(id)) say({ deleted: id });
}

async function approve(id: string): Promise<void> {
  say({ asks: 'approve', id });
  const approved = await store.transact('approve', (draft) => {
    const task = draft.require(id);
    if (task.status === 'pending') draft.patch(task.id, { status: 'in_progress', active_since: draft.at });
    const running = draft.require(id);
    if (running.status !== 'in_progress') return false;
    const { patch, added } = requestApproval(running, { kind: 'tool', title: name }, draft.at);
    const asking = draft.patch(task.id, patch);
    draft.patch(task.id, decideApproval(asking, added, { approve: true, by: name }, draft.at));
    return true;
  });
  if (approved) say({ approved: id });
}
