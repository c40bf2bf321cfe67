import { once } from 'node:events';
import { type FSWatcher, watch } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { taskStatuses } from '../src/core/task/schema.ts';
import { StoreState } from '../src/store/journal/state.ts';
import type { StoreView } from '../src/store/journal/view.ts';
import { TaskStore } from '../src/store/task-store.ts';
import type { TaskFolder } from '../src/vscode/folders/task-folder.ts';
import type { TaskFolders } from '../src/vscode/folders/task-folders.ts';
import { taskRow } from '../src/vscode/present/task-row.ts';
import { PAGE, type TreeNode } from '../src/vscode/tree/node.ts';
import { TreeModel } from '../src/vscode/tree/tree-model.ts';
import { alternate, type Benchmark, diskSync, type Pair, timed, timedSync, under, withFolder } from './kit.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

/** As many as are shown at first: a page of each group. */
const SMALL = PAGE * taskStatuses.length;
const MANY = 10_000;
const ROUNDS = 21;

/** The computation of the Tasks view; the editor's work on the rows is the same for any number of tasks. */
export const tree: Benchmark = {
  name: 'tree',
  measures: `the first rows of a tree of ${MANY} and 100000 tasks with all groups open, and a change made by another process`,
  async run(print) {
    const small = stateOf(SMALL);
    for (const count of [MANY, 100_000]) {
      const large = stateOf(count);
      const pair = await alternate(
        ROUNDS,
        () => timedSync(() => paint(large)),
        () => timedSync(() => paint(small)),
      );
      print({
        name: `tree of ${count}: first rows`,
        value: pair.ours,
        unit: 'ms',
        limit: { what: `of ${SMALL}, as many rows`, value: pair.limit },
        ratio: pair.ratio,
        note: `all groups open: ${paint(large)} rows`,
      });
    }
    const change = await withFolder(changes);
    print({
      name: `tree of ${MANY}: a change elsewhere`,
      value: change.ours,
      unit: 'ms',
      limit: { what: 'a synced line and the notice of it', value: change.limit },
      ratio: change.ratio,
      target: under(250, 'ms', change.ours),
      note: 'from the call in one store to the row in the tree of another; rows are drawn at most every 210 ms',
      syncMs: await diskSync(),
    });
  },
};

function stateOf(count: number): StoreState {
  const state = new StoreState();
  const status = (_: TaskRecord, index: number) => ({ status: taskStatuses[index % taskStatuses.length] ?? 'pending' });
  for (const record of sampleRecords(count, status)) state.load(JSON.parse(JSON.stringify(record)));
  return state;
}

function folderOf(view: StoreView): TaskFolder {
  // As much of a folder as the tree reads.
  const agents = { unavailable: () => undefined, countsCost: () => true };
  const host = { store: { view, lastLogAt: () => undefined }, settings: { worker: {} }, agents };
  return { host, isPlaying: false, state: { kind: 'open' } } as unknown as TaskFolder;
}

/** Everything that is shown at first. @returns how many rows that is */
function paint(view: StoreView): number {
  const model = new TreeModel({ all: [folderOf(view)] } as unknown as TaskFolders, { of: () => new Map() });
  const roots = model.roots();
  return roots.length + roots.reduce((rows, root) => rows + rowsOf(model, model.children(root)), 0);
}

function rowsOf(model: TreeModel, nodes: readonly TreeNode[]): number {
  for (const node of nodes) if (node.kind === 'task') taskRow(node.task, model.context(node, Date.now()));
  return nodes.length;
}

async function changes(folder: string): Promise<Pair> {
  writeSampleStore(folder, sampleRecords(MANY));
  const writer = await TaskStore.open({ folder, watch: false });
  const reader = await TaskStore.open({ folder });
  const shown = folderOf(reader.view);
  const model = new TreeModel({ all: [shown] } as unknown as TaskFolders, { of: () => new Map() });
  for (const root of model.roots()) model.children(root);
  const first = reader.view.byNumber(1)?.id ?? '';
  const file = await open(join(folder, 'lines'), 'a');
  const watcher = watch(join(folder, 'lines'));
  try {
    return await alternate(
      ROUNDS,
      (round = Math.random()) =>
        timed(async () => {
          const drawn = new Promise<void>((resolve) => {
            const listening = reader.on('task:updated', ({ task }) => {
              const redraw = model.change({ folder: shown, taskId: task.id, task } as never);
              for (const node of redraw === 'all' ? model.roots() : redraw) rowsOf(model, model.children(node));
              listening.dispose();
              resolve();
            });
          });
          await writer.updateTask(first, { title: `Changed ${round}` });
          await drawn;
        }),
      () => timed(() => noticed(file, watcher)),
    );
  } finally {
    watcher.close();
    await file.close();
    await writer.close();
    await reader.close();
  }
}

/** The least that a change seen by another process takes. */
async function noticed(file: Awaited<ReturnType<typeof open>>, watcher: FSWatcher): Promise<void> {
  const notice = once(watcher, 'change');
  await file.write('a line\n');
  await file.datasync();
  await notice;
}
