import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { taskRace } from '../../../src/operations/race/race.ts';
import { taskRaceShow } from '../../../src/operations/race/show.ts';
import { raceModel } from '../../../src/vscode/race/race-model.ts';
import { raceWords } from '../../../src/vscode/race/race-words.ts';
import { type RaceModel, raceProtocol } from '../../../src/webviews/race/protocol.ts';
import { executionOf } from '../../core/fixtures.ts';
import { type Bench, bench } from '../../operations/context.ts';
import { testRepository } from '../../runtime/worktrees/repository.ts';

async function raced(context: TestContext): Promise<{ tasks: Bench; id: string; model: () => Promise<RaceModel> }> {
  const tasks = await bench(context);
  testRepository(tasks.store.folder).commit({ 'a.txt': 'a\n' });
  const { id } = await tasks.store.createTask({ title: 'Whole', tool: 'OPENCODE' });
  await tasks.run(taskRace, { task: id, agents: ['OPENCODE', 'OPENCODE:big'] });
  const folder = { host: tasks, isPlaying: false, path: '/w' } as unknown as Parameters<typeof raceModel>[0]['folder'];
  const model = async (): Promise<RaceModel> => {
    const comparison = await tasks.run(taskRaceShow, { task: id });
    return raceModel({ folder, race: tasks.store.resolve(id), comparison, now: Date.now() });
  };
  return { tasks, id, model };
}

test('a race arrives in its protocol, with the standing of each entrant and without unknown numbers', async (context) => {
  const { model } = await raced(context);
  const race = await model();
  assert.deepEqual(raceProtocol.requests.load.output.parse(race), race);
  assert.deepEqual(raceProtocol.requests.words.output.parse(raceWords()), raceWords());
  assert.deepEqual(
    race.entrants.map(({ number, agent, model, standing, pickable }) => [number, agent, model, standing, pickable]),
    [
      [2, 'OPENCODE', '', { mark: 'ready', words: 'Pending · queued' }, false],
      [3, 'OPENCODE', 'big', { mark: 'ready', words: 'Pending · queued' }, false],
    ],
  );
  const [first] = race.entrants;
  assert.deepEqual([first?.duration, first?.tokens, first?.cost, first?.changes], ['', '', '', null]);
  assert.deepEqual([race.spent, race.judge, race.judgeable, race.live], ['', null, false, false]);
});

test('numbers have their precision, checks their outcome, and texts of agents are shown as they are', async (context) => {
  const { tasks, id, model } = await raced(context);
  const check = { command: 'npm test', at: new Date().toISOString(), ms: 5, output: '' };
  await tasks.store.transact('test.end', (draft) => {
    const [first, second] = [...draft.children(id)].sort((a, b) => a.number - b.number);
    draft.patch(first?.id ?? '', {
      status: 'completed',
      queued_at: undefined,
      started_at: draft.at,
      active_ms: 61_000,
      usage: { total_tokens: 1_234, cost_usd: 0.5, estimated: true },
      executions: [
        {
          ...executionOf('e1'),
          checks: [
            { ...check, passed: true },
            { ...check, command: 'lint', passed: false },
          ],
        },
      ],
      result: { message: '<b>Done</b>\u202e [link](https://example.com)' },
    });
    draft.patch(second?.id ?? '', {
      status: 'failed',
      error: 'It broke.',
      error_code: 'Internal',
      queued_at: undefined,
      usage: { total_tokens: 10, cost_usd: 0.25, cost_estimated: true },
    });
  });
  const race = await model();
  const [first, second] = race.entrants;
  assert.deepEqual(first?.checks, [
    { command: 'npm test', passed: true },
    { command: 'lint', passed: false },
  ]);
  assert.deepEqual([first?.duration, first?.tokens, first?.cost], ['1 min', 'at least 1,234', 'at least $0.50']);
  assert.equal(first?.notes, '<b>Done</b>\\u{202e} [link](https://example.com)');
  assert.deepEqual([second?.cost, second?.error, second?.pickable], ['about $0.25, estimated', 'It broke.', true]);
  assert.deepEqual(second?.standing, { mark: 'failed', words: 'Failed' });
  assert.equal(race.spent, 'Together: at least 1,244 tokens · about $0.75, estimated');
  assert.equal(race.standing.words, 'Paused · results to compare');
  assert.equal(race.spoken, '#2 Completed, #3 Failed');
});

test('the page takes only ids of tasks from its requests, and the host only the actions of the protocol', () => {
  const { pick, judge } = raceProtocol.requests;
  assert.ok(pick.input.safeParse({ task: 'a' }).success);
  for (const input of [{}, { task: 1 }, { task: 'a', as: 'root' }, { task: 'x'.repeat(101) }]) {
    assert.ok(!pick.input.safeParse(input).success);
  }
  assert.ok(!judge.input.safeParse({ agent: 'CODEX' }).success);
});
