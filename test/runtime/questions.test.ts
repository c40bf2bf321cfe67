import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { pendingApprovals } from '../../src/core/task/approval.ts';
import { Worker } from '../../src/runtime/schedule/worker.ts';
import { until } from '../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../support/worker-bench.ts';

function answered(bench: WorkerBench, id: string): Promise<void> {
  return until('the agent heard it', () => JSON.stringify(bench.store.resolve(id).result ?? '').includes('Heard'));
}

function message(bench: WorkerBench, id: string): string {
  return String((bench.store.resolve(id).result as { message?: string } | undefined)?.message);
}

describe('questions of an agent', () => {
  it('shows a form to the person and returns the values to the agent', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'with a form', tool: 'curious' });
    await bench.reaches(id, 'paused');
    const [question] = pendingApprovals(bench.store.resolve(id));
    assert.equal(question?.kind, 'feedback');
    assert.equal(question?.title, 'Which database shall it be?');
    assert.deepEqual(
      question?.detail?.fields?.map(({ name, type, required }) => [name, type, required]),
      [
        ['database', 'string', true],
        ['copies', 'integer', false],
      ],
    );
    await assert.rejects(() => bench.answer(id, 'database: oracle'), /one of postgres, sqlite/);
    await assert.rejects(() => bench.answer(id, 'copies: 2'), /"database" is missing/);
    await assert.rejects(() => bench.answer(id, 'database: sqlite\ncopies: many'), /whole number/);
    await bench.answer(id, 'database: Sqlite\ncopies: 2');
    await bench.reaches(id, 'completed_active');
    assert.equal(message(bench, id), 'Heard {"action":"accept","content":{"database":"sqlite","copies":2}}.');
  });

  it('passes a declined form with the comment to the agent', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'with a form', tool: 'curious' });
    await bench.reaches(id, 'paused');
    await bench.decide(id, false);
    await bench.reaches(id, 'completed_active');
    assert.equal(message(bench, id), 'Heard {"action":"decline"}.');
  });

  it('waits when a turn ends with a question, and the answer continues in the open session', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'ask at the end', tool: 'curious' });
    await bench.reaches(id, 'paused');
    const task = bench.store.resolve(id);
    const [question] = pendingApprovals(task);
    assert.equal(question?.title, 'Shall I take the short one?');
    assert.match(question?.detail?.question ?? '', /^There are two ways/);
    assert.notEqual(task.lease, undefined, 'the session is still open');
    await assert.rejects(() => bench.answer(id, '  '), /needs an answer/);
    await bench.answer(id, 'Yes, the short one');
    await bench.reaches(id, 'completed_active');
    assert.equal(message(bench, id), 'Heard "Yes, the short one".');
    assert.equal(bench.store.resolve(id).executions.length, 1, 'one session');
  });

  it('closes a session that waits too long, and a later answer resumes it', async (context) => {
    const bench = await workerBench(context, { sessionIdleMs: 50 });
    const { id } = await bench.run({ title: 'ask at the end', tool: 'curious' });
    await bench.reaches(id, 'paused');
    await until('it is let go of', () => bench.store.resolve(id).lease === undefined);
    assert.equal(bench.store.resolve(id).pause_reason, 'approval');
    await bench.answer(id, 'Later');
    await answered(bench, id);
    assert.equal(message(bench, id), 'Heard "Later".');
    const sessions = bench.store.resolve(id).executions.map((execution) => execution.session_id);
    assert.deepEqual(sessions, ['curious-session', 'curious-session']);
  });

  it('keeps the question at the end of the worker, and passes the answer to the same session afterwards', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'ask at the end', tool: 'curious' });
    await bench.reaches(id, 'paused');
    await bench.worker.stop();
    assert.equal(bench.store.resolve(id).lease, undefined);
    assert.equal(pendingApprovals(bench.store.resolve(id)).length, 1);
    await bench.answer(id, 'After a restart');
    const { store, agents } = bench;
    const next = new Worker({ store, agents, logger: silentLogger, mode: 'embedded' });
    await next.start();
    context.after(() => next.stop());
    await answered(bench, id);
    assert.equal(message(bench, id), 'Heard "After a restart".');
  });

  it('continues without an answer when the person declines', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'ask at the end', tool: 'curious' });
    await bench.reaches(id, 'paused');
    await bench.decide(id, false);
    await answered(bench, id);
    assert.match(message(bench, id), /was not answered/);
  });
});
