import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '../../../src/core/logger.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { requestStart } from '../../../src/core/task/start.ts';
import { Worker } from '../../../src/runtime/schedule/worker.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

const child = fileURLToPath(new URL('workflow-child.ts', import.meta.url));

/** A step of the shell that writes its phase to a file. */
function script(phase: string, more = ''): { agent: string; phase: string; instructions: string } {
  return { agent: 'SHELL', phase, instructions: `${more}echo ${phase} >> order` };
}

const order = (folder: string): string[] => readFileSync(join(folder, 'order'), 'utf8').trim().split('\n');
const steps = ({ executions }: TaskRecord): unknown[] => executions.map(({ step, outcome }) => [step, outcome]);

describe('a workflow', () => {
  it('runs its steps in order, each in its own execution', async (context) => {
    const bench = await workerBench(context);
    const workflow = [script('design'), script('build'), script('review')];
    const { id } = await bench.run({ tool: undefined, title: 'Three steps', workflow });
    const done = await bench.reaches(id, 'completed');
    assert.deepEqual(order(bench.folder), ['design', 'build', 'review']);
    assert.deepEqual(steps(done), [
      [0, 'completed'],
      [1, 'completed'],
      [2, 'completed'],
    ]);
    assert.deepEqual(
      done.history.map(({ to }) => to),
      ['in_progress', 'completed'],
      'one run carries out all steps',
    );
    await until('the lease is released', () => bench.store.resolve(id).lease === undefined);
    await bench.restart(id);
    await until('it has run again', () => bench.store.resolve(id).executions.length === 6);
    assert.deepEqual(bench.store.resolve(id).executions.at(3)?.step, 0, 'a completed workflow begins again');
  });

  it('passes the last message of an agent to the next one and keeps only the last session open', async (context) => {
    const bench = await workerBench(context);
    const workflow = [{ agent: 'polite', phase: 'design' }, script('build'), { agent: 'polite', phase: 'review' }];
    const { id } = await bench.run({ tool: undefined, title: 'With agents', workflow });
    const open = await bench.reaches(id, 'completed_active');
    assert.deepEqual(steps(open), [
      [0, 'completed'],
      [1, 'completed'],
      [2, undefined],
    ]);
    const [design, build, review] = open.executions;
    assert.equal(design?.handoff, 'That was turn 1.');
    assert.deepEqual([build?.handoff, build?.exit_code], [undefined, 0]);
    assert.equal(review?.agent, 'polite');
    assert.equal(open.usage?.total_tokens, 220, 'the spend of all steps');
    await bench.complete(id);
    await until('the lease is released', () => bench.store.resolve(id).lease === undefined);
  });

  it('stops at a failed step, and a restart repeats no finished step', async (context) => {
    const bench = await workerBench(context);
    const workflow = [script('design'), script('build', 'test -f fixed || exit 3; ')];
    const { id } = await bench.run({ tool: undefined, title: 'Fails once', workflow });
    await bench.reaches(id, 'failed');
    await until('the lease is released', () => bench.store.resolve(id).lease === undefined);
    writeFileSync(join(bench.folder, 'fixed'), '');
    await bench.restart(id);
    await bench.reaches(id, 'completed');
    assert.deepEqual(order(bench.folder), ['design', 'build']);
  });

  it('resumes in the interrupted step', async (context) => {
    const bench = await workerBench(context);
    const workflow = [script('design'), script('build', 'touch began; until [ -f go ]; do sleep 0.02; done; ')];
    const { id } = await bench.run({ tool: undefined, title: 'Interrupted', workflow });
    await until('its second step runs', () => bench.store.resolve(id).executions[1]?.resumable === false);
    await bench.worker.stop();
    assert.deepEqual(steps(bench.store.resolve(id)), [
      [0, 'completed'],
      [1, 'interrupted'],
    ]);
    writeFileSync(join(bench.folder, 'go'), '');
    const next = new Worker({ store: bench.store, agents: bench.agents, logger: silentLogger, mode: 'embedded' });
    await next.start();
    context.after(() => next.stop());
    await bench.start(id);
    await bench.reaches(id, 'completed');
    assert.deepEqual(order(bench.folder), ['design', 'build']);
  });

  for (const [when, transaction] of [
    ['after a step is recorded and before the next begins', 'run.step'],
    ['when the next step opens its session', 'run.session'],
  ] as const) {
    it(`repeats no finished step if its worker dies ${when}`, async (context) => {
      const folder = tempFolder(context);
      const store = await TaskStore.open({ folder });
      const workflow = [script('design'), script('build'), script('review')];
      const { id } = await store.createTask({ title: 'Killed', workflow });
      if (transaction === 'run.session') {
        await store.transact('test', (draft) =>
          draft.patch(id, {
            step: 1,
            executions: [
              {
                id: 'e0',
                agent: 'SHELL',
                worker: 'w0',
                started_at: draft.at,
                ended_at: draft.at,
                outcome: 'completed',
                step: 0,
              },
            ],
          }),
        );
        writeFileSync(join(folder, 'order'), 'design\n');
      }
      await store.transact('test', (draft) => draft.patch(id, requestStart(draft.require(id), draft.at)));
      const worker = spawn(process.execPath, [child, folder, transaction], { stdio: 'ignore' });
      await once(worker, 'exit');
      await store.refresh();
      assert.equal(store.resolve(id).status, 'in_progress');
      await store.close();
      assert.deepEqual(order(folder), ['design']);
      const bench = await workerBench(context, { folder });
      await bench.reaches(id, 'completed');
      assert.deepEqual(order(folder), ['design', 'build', 'review']);
      const done = bench.store.resolve(id).executions.filter(({ outcome }) => outcome === 'completed');
      assert.deepEqual(
        done.map(({ step }) => step),
        [0, 1, 2],
      );
    });
  }

  it('leaves a step whose agent cannot run here to another worker, and the slot to other tasks', async (context) => {
    const bench = await workerBench(context, { maxParallel: 1 });
    const workflow = [script('design'), { ...script('build'), agent: 'NOBODY' }];
    const { id } = await bench.run({ tool: undefined, title: 'Elsewhere', workflow });
    await until('it waits', () => {
      const { lease, executions } = bench.store.resolve(id);
      return lease === undefined && executions.length === 1 && executions[0]?.outcome === 'completed';
    });
    const waiting = bench.store.resolve(id);
    assert.deepEqual([waiting.status, waiting.tool, waiting.step], ['paused', 'NOBODY', 1]);
    assert.notEqual(waiting.queued_at, undefined);
    const other = await bench.run({ title: 'other', instructions: 'true' });
    await bench.reaches(other.id, 'completed');
    await bench.store.updateTask(id, { tool: 'SHELL' });
    await bench.reaches(id, 'completed');
    assert.deepEqual(order(bench.folder), ['design', 'build']);
  });

  it('respects the limit of each of its agents', async (context) => {
    const bench = await workerBench(context, { maxPerAgent: { SHELL: 1 } });
    const made = await Promise.all(
      ['one', 'two'].map((title) =>
        bench.run({
          tool: undefined,
          title,
          workflow: [script(title), { agent: 'polite', phase: 'talk' }, script(title)],
        }),
      ),
    );
    for (const { id } of made) await bench.reaches(id, 'completed');
    assert.deepEqual(order(bench.folder).toSorted(), ['one', 'one', 'two', 'two']);
  });
});
