import assert from 'node:assert/strict';
import { until } from '../../../support/temp-folder.ts';
import type { Scenario } from '../scenario.ts';

const ownTools: Scenario = {
  name: 'uses the tools of its own task',
  checks: [
    'own tools: reports progress',
    'own tools: asks a question and receives the answer',
    'own tools: creates a part',
    'own tools: is refused another task',
    'own tools: leaves a hand-over note',
    'own tools: need no approval',
  ],
  script: [
    { tools: [{ kind: 'own', tool: 'task_progress', input: { percent: 30, message: 'Found the cause' } }] },
    { tools: [{ kind: 'own', tool: 'task_ask', input: { question: 'Shall I change the API?' } }] },
    { tools: [{ kind: 'own', tool: 'task_create_part', input: { title: 'Update the clients' } }] },
    { tools: [{ kind: 'own', tool: 'task_current', input: { task: 1 } }] },
    { tools: [{ kind: 'own', tool: 'task_hand_over', input: { done: 'Changed the API', open: ['The clients'] } }] },
    { text: 'All done.' },
  ],
  async drive(bench, check) {
    const { run, model } = bench;
    await run.ok('task', 'create', 'Other');
    await bench.start('Change the API');
    const asking = await bench.asks('2');
    await check('own tools: reports progress', async () => {
      await until('the progress is stored', async () => (await bench.task('2')).progress === 30);
      assert.ok((await bench.logs('2')).some(({ message }) => message === 'Found the cause'));
    });
    await run.ok('task', 'answer', '2', 'Yes, but keep the old name.');
    const ended = await bench.approveAll('2');
    await check('own tools: asks a question and receives the answer', () => {
      assert.equal(asking.approvals[0]?.title, 'Shall I change the API?');
      assert.match(model.requests.at(-1)?.text ?? '', /keep the old name/);
    });
    await check('own tools: creates a part', async () => {
      const { title, status, parent_id } = await bench.task('3');
      assert.deepEqual([title, status, parent_id], ['Update the clients', 'pending', ended.id]);
    });
    await check('own tools: is refused another task', async () => {
      assert.match(model.requests.at(-1)?.text ?? '', /neither your task nor a part/);
      assert.ok((await bench.logs('2')).some(({ message }) => /^Refused: .* task "1"/.test(message)));
    });
    await check('own tools: leaves a hand-over note', () => {
      assert.equal(ended.status, 'completed_active', ended.error);
      const { done, open } = ended.executions.at(-1)?.note ?? {};
      assert.deepEqual([done, open], ['Changed the API', ['The clients']]);
    });
    await check('own tools: need no approval', () => {
      assert.deepEqual(
        ended.approvals.map(({ kind }) => kind),
        ['feedback'],
      );
    });
  },
};

export const ownTasks: readonly Scenario[] = [ownTools];
