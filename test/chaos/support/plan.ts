import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { processesOf } from '../../../src/agents/process-table.ts';
import { isOfRun } from '../../../src/core/agent/run-marker.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { complete } from '../../../src/core/task/session.ts';
import { requestStart, restart } from '../../../src/core/task/start.ts';
import { livingWorkers } from '../../../src/runtime/liveness/presence.ts';
import { ensureWorker } from '../../../src/runtime/schedule/spawn-worker.ts';
import { markHome } from '../../../src/runtime/settings/home.ts';
import { coordinationOf } from '../../../src/store/coordination.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { fakeAgentPath } from '../../support/fake-agent.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
/** The processes that a kill can hit. */
export const parties = ['worker', 'agent', 'machine'] as const;

/** A plan of tasks that run in real processes, and a person who starts again what waits for a person. */
export class Plan {
  readonly folder: string;
  readonly store: TaskStore;
  readonly ids: string[];

  private constructor(folder: string, store: TaskStore, ids: string[]) {
    this.folder = folder;
    this.store = store;
    this.ids = ids;
  }

  static async make(
    context: TestContext,
    create: (store: TaskStore) => Promise<string[]>,
    prepare: (folder: string) => void = () => {},
  ): Promise<Plan> {
    let plan: Plan | undefined;
    // Hooks run in the order of their registration: the workers end before their folder goes away.
    context.after(() => plan?.end());
    const root = tempFolder(context);
    const at = join(root, 'work');
    const home = join(root, 'home', 'systemprompt');
    mkdirSync(home, { recursive: true });
    mkdirSync(at);
    prepare(at);
    const slow = { command: process.execPath, args: [fakeAgentPath('slow')] };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ agents: { SLOW: slow } }));
    process.env['XDG_CONFIG_HOME'] = join(root, 'home');
    const store = await TaskStore.open({ folder: at, onMade: () => markHome(coordinationOf(at)) });
    context.after(() => store.close());
    plan = new Plan(at, store, await create(store));
    await plan.change(plan.tasks, requestStart);
    return plan;
  }

  get tasks(): TaskRecord[] {
    return this.ids.map((id) => this.store.resolve(id));
  }

  get isOver(): boolean {
    return this.tasks.every(({ status, lease }) => status === 'completed' && lease === undefined);
  }

  async kill(party: (typeof parties)[number]): Promise<void> {
    const workers = party === 'agent' ? [] : (await livingWorkers(coordinationOf(this.folder))).map(({ pid }) => pid);
    const agents = party === 'worker' ? [] : (await this.processes()).map(({ pid }) => pid);
    for (const pid of [...workers, ...agents]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself meanwhile.
      }
    }
  }

  /** What a person does who looks: starts what waits for them, accepts what is done, and opens the folder. */
  async look(): Promise<void> {
    await this.store.refresh();
    for (const task of this.tasks) {
      const waits = task.status === 'paused' && task.queued_at === undefined && task.lease === undefined;
      if (task.status === 'failed' && task.lease === undefined) await this.change([task], restart);
      else if (waits) await this.change([task], requestStart);
      else if (task.status === 'completed_active') await this.change([task], complete);
    }
    if (this.isOver) return;
    await ensureWorker(coordinationOf(this.folder), { command: process.execPath, args: [main] }).catch(
      (error: Error) => {
        const log = readFileSync(join(this.folder, '.systemprompt', 'state', 'worker.log'), 'utf8');
        throw new Error(`${error.message} Its log ends with:\n${log.slice(-2_000)}`);
      },
    );
  }

  processes(): ReturnType<typeof processesOf> {
    return processesOf({ isMarked: (marker) => this.ids.some((id) => isOfRun(marker, id)) });
  }

  async end(): Promise<void> {
    for (const { pid } of await livingWorkers(coordinationOf(this.folder))) process.kill(pid, 'SIGTERM');
    await until(
      'the workers have ended',
      async () => (await livingWorkers(coordinationOf(this.folder))).length === 0,
      30_000,
    );
  }

  /** Changes what still stands as it was looked at; somebody else may have been first. */
  private async change(tasks: readonly TaskRecord[], action: (task: TaskRecord, at: string) => object): Promise<void> {
    for (const seen of tasks) {
      await this.store.transact('test', (draft) => {
        const task = draft.require(seen.id);
        if (task.revision === seen.revision) draft.patch(task.id, action(task, draft.at));
      });
    }
  }
}

/** Reproducible random numbers between 0 and 1 from a seed (mulberry32). */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
