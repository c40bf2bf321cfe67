import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskStore } from '../../src/store/task-store.ts';
import { until } from '../support/temp-folder.ts';
import { mulberry, Plan, parties } from './support/plan.ts';

const rounds = Number(process.env['CHAOS'] ?? 0);
/** Ten in CI; a hundred in the usual long run. */
const KILLS = rounds === 0 ? 10 : 20 * rounds;
const TASKS = 10;

/** Scripts and conversations in turn, each of which waits for the one two before it. */
async function createTasks(store: TaskStore): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < TASKS; n += 1) {
    const shell = { tool: 'SHELL', instructions: `sleep 0.4; echo ${n} >> effects` };
    const work = n % 2 === 0 ? shell : { tool: 'SLOW', description: 'Think.' };
    const dependsOn = n < 4 ? [] : [ids[n - 4] ?? ''];
    ids.push((await store.createTask({ title: `task ${n}`, ...work, dependsOn })).id);
  }
  return ids;
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
      const plan = await Plan.make(context, createTasks);
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
