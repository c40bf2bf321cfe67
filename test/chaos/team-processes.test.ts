import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger } from '../../src/core/logger.ts';
import { isTerminal } from '../../src/core/task/lifecycle.ts';
import { canBePicked } from '../../src/core/task/race.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { cancel } from '../../src/core/task/session.ts';
import { restart } from '../../src/core/task/start.ts';
import { mergeTask } from '../../src/runtime/merge/merge.ts';
import { mergeParts } from '../../src/runtime/merge/merge-parts.ts';
import { pickInDraft, settlePick } from '../../src/runtime/merge/pick.ts';
import type { TaskStore } from '../../src/store/task-store.ts';
import { testRepository } from '../runtime/worktrees/repository.ts';
import { until } from '../support/temp-folder.ts';
import { mulberry, Plan, parties } from './support/plan.ts';

const rounds = Number(process.env['CHAOS'] ?? 0);
/** Four in CI; a hundred in the usual long run. */
const KILLS = rounds === 0 ? 4 : 20 * rounds;
/** Each hit is a kill of processes, or a person who cancels a task. */
const hits = [...parties, 'cancel'] as const;

/** Numbers of the tasks that {@link createTeam} creates: a workflow, a race of two and a group of three parts. */
const number = { workflow: '1', race: '2', group: '5' } as const;

async function createTeam(store: TaskStore): Promise<string[]> {
  const effect = (name: string): string => `sleep 0.2; echo ${name} >> "${join(store.folder, 'effects')}"`;
  const write = (name: string): string => `${effect(name)}; echo ${name} > ${name}.txt`;
  const own = { isolation: 'worktree', onComplete: 'review' } as const;
  const workflow = [
    { agent: 'SHELL', phase: 'design', instructions: write('design') },
    { agent: 'SLOW', phase: 'think', description: 'Think.' },
    { agent: 'SHELL', phase: 'build', instructions: write('build') },
  ];
  const steps = await store.createTask({ title: 'Steps', workflow, ...own });
  const race = await store.createTask({ title: 'Race', kind: 'group' });
  await store.transact('test.race', (draft) => void draft.patch(race.id, { race: {} }));
  const part = (title: string, parentId: string, dependsOn: string[] = []): Promise<TaskRecord> =>
    store.createTask({ title, tool: 'SHELL', instructions: write(title), parentId, dependsOn, ...own });
  const entrants = [await part('first', race.id), await part('second', race.id)];
  const group = await store.createTask({ title: 'Whole', kind: 'group' });
  const one = await part('one', group.id);
  const parts = [one, await part('two', group.id), await part('three', group.id, [one.id])];
  return [steps, ...entrants, ...parts].map(({ id }) => id);
}

/** A person cancels a task in progress, and starts it again later. */
async function cancelOne(plan: Plan, random: number): Promise<void> {
  const running = plan.tasks.filter(({ status }) => status === 'in_progress');
  const task = running[Math.floor(random * running.length)];
  if (task === undefined) return;
  await plan.store.transact('test.cancel', (draft) => {
    const now = draft.require(task.id);
    if (now.status === 'in_progress') draft.patch(now.id, cancel(now, draft.at));
  });
}

async function restartCancelled({ store, tasks }: Plan): Promise<void> {
  for (const { id, status, lease } of tasks) {
    if (status !== 'cancelled' || lease !== undefined) continue;
    await store.transact('test.restart', (draft) => {
      const now = draft.require(id);
      if (now.status === 'cancelled' && now.lease === undefined) draft.patch(id, restart(now, draft.at));
    });
  }
}

/** Picks a result of the race, merges the parts and the workflow. */
async function finish({ store }: Plan): Promise<void> {
  const context = { store, settings: {}, logger: silentLogger };
  const race = store.resolve(number.race);
  const entrant = [...store.view.children(race.id)].find(canBePicked);
  assert.ok(entrant !== undefined, 'a result can be picked');
  await store.transact('test.pick', (draft) => pickInDraft(draft, draft.require(race.id), draft.require(entrant.id)));
  await settlePick(context, store.resolve(number.race));
  assert.equal((await mergeParts(context, store.resolve(number.group))).conflict, undefined);
  for (const each of [number.workflow, number.race, number.group]) {
    await mergeTask(context, store.resolve(each), { form: 'merge' });
  }
}

function checkTask(task: TaskRecord, effects: readonly string[]): void {
  const name = `#${task.number} ${task.title}`;
  assert.equal(task.lease, undefined, name);
  assert.equal(task.history.filter(({ to }) => to === 'completed').length, 1, `${name} was completed once`);
  // A cancelled workflow starts again at its first step; a failed one continues at the failed step.
  const rewound = task.history.findLast(({ from, to }) => from === 'cancelled' && to === 'pending')?.at ?? '';
  const sinceStart = task.executions.filter(({ started_at: at }) => at >= rewound);
  const steps = task.workflow === undefined ? [undefined] : task.workflow.map((_, step) => step);
  for (const step of steps) {
    const done = sinceStart.filter((each) => each.step === step && each.outcome === 'completed');
    assert.equal(done.length, 1, `${name} completed step ${step} ${done.length} times`);
  }
  for (const effect of task.workflow === undefined ? [task.title] : ['design', 'build']) {
    const times = effects.filter((line) => line === effect).length;
    assert.ok(times >= 1 && times <= task.executions.length, `${name}: ${times} effects of ${effect}`);
  }
}

describe('a workflow, a race and a split task with killed processes and cancels', () => {
  it(`ends every step once and leaves no worktree, process or lease (${KILLS} hits)`, {
    timeout: 60 * 60_000,
  }, async (context) => {
    const seed = Date.now();
    context.diagnostic(`seed ${seed}`);
    const random = mulberry(seed);
    for (let hit = 0; hit < KILLS; ) {
      let git: ReturnType<typeof testRepository>['git'] = () => '';
      const plan = await Plan.make(context, createTeam, (folder) => {
        const repository = testRepository(folder);
        repository.commit({ 'a.txt': 'a\n' });
        git = repository.git;
      });
      await plan.look();
      const end = Date.now() + 10 * 60_000;
      while (!plan.isOver) {
        const standing = plan.tasks.map(({ status, error }) => `${status} ${error}`);
        assert.ok(Date.now() < end, `it does not end: ${standing}`);
        await delay(200 + random() * 1_000);
        if (hit < KILLS && !plan.isOver) {
          const what = hits[Math.floor(random() * hits.length)] ?? 'worker';
          if (what === 'cancel') await cancelOne(plan, random());
          else await plan.kill(what);
          hit += 1;
        }
        await restartCancelled(plan);
        await plan.look();
      }
      await until('no process of the plan is left', async () => (await plan.processes()).length === 0, 30_000);
      const effects = readFileSync(join(plan.folder, 'effects'), 'utf8').trim().split('\n');
      for (const task of plan.tasks) checkTask(task, effects);
      await finish(plan);
      assert.ok([...plan.store.view.all()].every(({ status }) => isTerminal(status)));
      assert.equal(git('worktree', 'list').split('\n').length, 1, git('worktree', 'list'));
      assert.equal(git('branch', '--list', 'systemprompt/*'), '');
      await plan.end();
    }
  });
});
