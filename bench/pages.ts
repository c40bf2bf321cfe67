import { join } from 'node:path';
import { taskStatuses } from '../src/core/task/schema.ts';
import { type Host, openHost } from '../src/host.ts';
import { metrics } from '../src/operations/metrics/metrics.ts';
import { boardOf } from '../src/vscode/board/columns.ts';
import { folderStanding } from '../src/vscode/folders/folder-standing.ts';
import type { TaskFolder } from '../src/vscode/folders/task-folder.ts';
import { placedScene } from '../src/vscode/graph/scene.ts';
import type { Filter } from '../src/webviews/graph/protocol.ts';
import { alternate, type Benchmark, timed, under, withFolder } from './kit.ts';
import { sampleRecords, writeSampleStore } from './samples.ts';

const SMALL = 100;
const LARGE = 100_000;
const GRAPH = 2_000;
const ROUNDS = 5;

/** The data of the pages of the editor; drawing them costs the same for any number of tasks, except in the graph. */
export const pages: Benchmark = {
  name: 'pages',
  measures: `the data of board, graph and metrics of ${LARGE} tasks, and of a graph of ${GRAPH}`,
  async run(print) {
    await withFolder(async (folder) => {
      const small = await hostOf(join(folder, 'small'), SMALL);
      const large = await hostOf(join(folder, 'large'), LARGE);
      const graph = await hostOf(join(folder, 'graph'), GRAPH);
      try {
        for (const [name, load] of Object.entries({ board, graph: clusters, metrics: numbers })) {
          const pair = await alternate(
            ROUNDS,
            () => timed(() => load(large)),
            () => timed(() => load(small)),
          );
          print({
            name: `${name} of ${LARGE}`,
            value: pair.ours,
            unit: 'ms',
            limit: { what: `of ${SMALL}`, value: pair.limit },
            ratio: pair.ratio,
          });
        }
        const pair = await alternate(
          ROUNDS,
          () => timed(() => tasks(graph)),
          () => timed(() => tasks(small)),
        );
        print({
          name: `graph of ${GRAPH}, every task`,
          value: pair.ours,
          unit: 'ms',
          limit: { what: `of ${SMALL}`, value: pair.limit },
          ratio: pair.ratio,
          target: under(1_500, 'ms', pair.ours),
        });
      } finally {
        for (const host of [small, large, graph]) await host.close();
      }
    });
  },
};

async function hostOf(folder: string, count: number): Promise<Host> {
  const records = sampleRecords(count, (_, index, all) => ({
    status: taskStatuses[index % taskStatuses.length] ?? 'pending',
    depends_on: index % 3 === 0 ? [] : all.slice(-2, -1).map(({ id }) => id),
  }));
  writeSampleStore(folder, records);
  return openHost({ folder, actor: 'Bench', watch: false, recovers: false });
}

/** As much of a folder as the pages read. */
function folderOf(host: Host): TaskFolder {
  return { host, path: host.store.folder, isPlaying: false } as unknown as TaskFolder;
}

function board(host: Host): unknown {
  return boardOf({
    folder: folderOf(host),
    wish: { folder: '', group: 'status', filter: '', limits: {} },
    needing: { of: () => new Map() },
    changes: { of: () => undefined },
    trusted: true,
    now: Date.now(),
    describe: String,
  });
}

const scope: Filter = { folder: '', project: '', phase: '', task: '', detail: 'auto' };

function clusters(host: Host): unknown {
  return sceneIn(host, scope);
}

function tasks(host: Host): unknown {
  return sceneIn(host, { ...scope, detail: 'tasks' });
}

function sceneIn(host: Host, filter: Filter): unknown {
  const [folder, now] = [folderOf(host), Date.now()];
  return placedScene(host.store.view, filter, (task) => folderStanding(folder, task, now).kind);
}

function numbers(host: Host): Promise<unknown> {
  return metrics.run(host, { range: 'all' });
}
