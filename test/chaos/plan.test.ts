import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processesOf } from '../../src/agents/process-table.ts';
import { isOfRun } from '../../src/core/agent/run-marker.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { complete } from '../../src/core/task/session.ts';
import { requestStart, restart } from '../../src/core/task/start.ts';
import { livingWorkers } from '../../src/runtime/liveness/presence.ts';
import { ensureWorker } from '../../src/runtime/schedule/spawn-worker.ts';
import { markHome } from '../../src/runtime/settings/home.ts';
import { coordinationOf } from '../../src/store/coordination.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { fakeAgentPath } from '../support/fake-agent.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

const rounds = Number(process.env['CHAOS'] ?? 0);
/** Ten in CI; a hundred in the usual long run. */
const KILLS = rounds === 0 ? 10 : 20 * rounds;
const TASKS = 10;
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const parties = ['worker', 'agent', 'machine'] as const;

/** A plan of tasks that run in real processes, and a person who starts again what waits for a person. */
class Plan {
  readonly folder: string;
  readonly store: TaskStore;
  readonly ids: string[];

  private constructor(folder: string, store: TaskStore, ids: string[]) {
    this.folder = folder;
    this.store = store;
    this.ids = ids;
  }

  static async make(context: TestContext): Promise<Plan> {
    const folder = tempFolder(context);
    const home = join(folder, 'home', 'systemprompt');
    mkdirSync(home, { recursive: true });
    const slow = { command: process.execPath, args: [fakeAgentPath('slow')] };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ agents: { SLOW: slow } }));
    process.env['XDG_CONFIG_HOME'] = join(folder, 'home');
    const store = await TaskStore.open({ folder, onMade: () => markHome(coordinationOf(folder)) });
    context.after(() => store.close());
    const ids: string[] = [];
    for (let n = 0; n < TASKS; n += 1) {
      // Scripts and conversations in turn, each one waiting for the one that is two before it.
      const shell = { tool: 'SHELL', instructions: `sleep 0.4; echo ${n} >> effects` };
      const work = n % 2 === 0 ? shell : { tool: 'SLOW', description: 'Think.' };
      const dependsOn = n < 4 ? [] : [ids[n - 4] ?? ''];
      ids.push((await store.createTask({ title: `task ${n}`, ...work, dependsOn })).id);
    }
    const plan = new Plan(folder, store, ids);
    context.after(() => plan.end());
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

describe('a plan with killed processes (worker, agents, all at once)', () => {
  it(`completes each task exactly once and leaves no files behind (${KILLS} kills)`, {
    timeout: 60 * 60_000,
  }, async (context) => {
    let killed = 0;
    const seed = Date.now();
    context.diagnostic(`seed ${seed}`);
    const random = mulberry(seed);
    while (killed < KILLS) {
      const plan = await Plan.make(context);
      await plan.look();
      const until = Date.now() + 10 * 60_000;
      while (!plan.isOver) {
        assert.ok(
          Date.now() < until,
          `it does not end: ${plan.tasks.map(({ status, error }) => `${status} ${error}`)}`,
        );
        await delay(300 + random() * 1_500);
        if (killed < KILLS && !plan.isOver) {
          await plan.kill(parties[Math.floor(random() * parties.length)] ?? 'worker');
          killed += 1;
        }
        await plan.look();
      }
      await checkEnd(plan);
    }
  });
});

async function checkEnd(plan: Plan): Promise<void> {
  const effects = readFileSync(join(plan.folder, 'effects'), 'utf8').trim().split('\n');
  plan.tasks.forEach((task, n) => {
    const ended = task.history.filter(({ to }) => to === 'completed');
    assert.equal(ended.length, 1, `#${task.number} was completed ${ended.length} times`);
    const done = task.executions.findIndex(({ outcome }) => outcome === 'completed');
    assert.ok(done === -1 || done === task.executions.length - 1, `#${task.number} was run again after it had ended`);
    if (task.tool !== 'SHELL') return;
    const times = effects.filter((line) => line === String(n)).length;
    assert.ok(times >= 1 && times <= task.executions.length, `#${task.number}: ${times} effects`);
    if (task.executions.length === 1) assert.equal(times, 1);
  });
  await until('no process of the plan is left', async () => (await plan.processes()).length === 0, 30_000);
}

/** Random numbers that can be had again from their seed (mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
