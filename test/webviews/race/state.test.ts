import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RaceModel } from '../../../src/webviews/race/protocol.ts';
import { FakePage } from '../../support/fake-page.ts';

interface State {
  readonly race: { readonly value: unknown };
  readonly failure: { readonly value: string };
  readonly busy: { readonly value: boolean };
  load(): Promise<void>;
  act(name: string, task?: string): void;
}

const model: RaceModel = {
  folder: '/w',
  id: 'r',
  heading: '#1 Write it',
  standing: { mark: 'running', words: 'In Progress' },
  spent: '',
  entrants: [],
  judge: null,
  judgeable: false,
  mergeable: false,
  live: false,
  spoken: '',
};

async function opened(context: TestContext): Promise<{ page: FakePage; state: State; loads: () => number }> {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const page = new FakePage();
  const state = await page.load<State>('race');
  return { page, state, loads: () => page.requests.filter(({ name }) => name === 'load').length };
}

test('a race with a working agent is loaded again without an event, and one at rest is not', async (context) => {
  const { page, state, loads } = await opened(context);
  void state.load();
  await page.reply('load', { output: { ...model, live: true } });
  assert.deepEqual([loads(), page.saved], [1, { folder: '/w', id: 'r' }]);
  context.mock.timers.runAll();
  assert.equal(loads(), 2);
  await page.reply('load', { output: model });
  context.mock.timers.runAll();
  assert.equal(loads(), 2);
});

test('changes during a load cause one more load', async (context) => {
  const { page, state, loads } = await opened(context);
  void state.load();
  void state.load();
  void state.load();
  await page.reply('load', { output: model });
  await page.reply('load', { output: null });
  assert.deepEqual([loads(), state.race.value], [2, null]);
});

test('a second press during an action does nothing, and a refusal is shown until the next action', async (context) => {
  const { page, state } = await opened(context);
  const picks = () => page.requests.filter(({ name }) => name === 'pick').map(({ input }) => input);
  state.act('pick', 'a');
  state.act('pick', 'b');
  assert.deepEqual([picks(), state.busy.value], [[{ task: 'a' }], true]);
  await page.reply('pick', { message: 'It has changed.' });
  assert.deepEqual([state.failure.value, state.busy.value], ['It has changed.', false]);
  state.act('judge');
  assert.equal(state.failure.value, '');
});

test('a race that does not match the protocol is reported, and not shown', async (context) => {
  const { page, state } = await opened(context);
  const loading = state.load();
  await page.reply('load', { output: { ...model, entrants: [{ id: 'a' }] } });
  await loading;
  assert.equal(state.race.value, undefined);
  assert.match(state.failure.value, /does not match the protocol/);
});
