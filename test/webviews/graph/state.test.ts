import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Filter, Loaded } from '../../../src/webviews/graph/protocol.ts';
import { FakePage } from '../../support/fake-page.ts';

interface State {
  readonly camera: { value: unknown };
  load(): Promise<void>;
  setFilter(change: Partial<Filter>): void;
}

const site: Filter = { folder: '/b', project: 'Site', phase: '', task: '', detail: 'auto' };
const scene = {
  ...{ width: 0, height: 0, boxWidth: 0, boxHeight: 0, total: 0, critical: 0 },
  ...{ kind: 'tasks' as const, nodes: [], lines: [], canSwitch: false },
};
const loaded = (filter: Filter, wish = filter): Loaded => ({
  ...{ folders: [], projects: [], loose: false, scopeName: '', scene },
  wish,
  filter,
});

async function restored(page: FakePage): Promise<State> {
  page.saved = { filter: site, camera: { x: 1, y: 2, scale: 1 } };
  return page.load<State>('graph');
}

async function loads(page: FakePage, { load }: State, output: Loaded): Promise<void> {
  const loading = load();
  await page.reply('load', { output });
  await loading;
}

test('a filter of the last session is kept while its folder or project is missing', async () => {
  const page = new FakePage();
  const state = await restored(page);
  await loads(page, state, loaded({ ...site, folder: '/a', project: '' }, site));
  await loads(page, state, loaded(site));
  assert.deepEqual(
    page.requests.map(({ input }) => input),
    [site, site],
  );
  assert.deepEqual(state.camera.value, { x: 1, y: 2, scale: 1 });
});

test('a later wish of the host replaces the filter and is fitted', async () => {
  const page = new FakePage();
  const state = await restored(page);
  const near = { ...site, project: '', task: 't' };
  await loads(page, state, loaded(near));
  assert.equal(state.camera.value, null);
  await loads(page, state, loaded(near));
  assert.deepEqual(page.requests.at(-1)?.input, near);
});

test('a choice is about the shown folder', async () => {
  const page = new FakePage();
  const state = await restored(page);
  await loads(page, state, loaded({ ...site, folder: '/a', project: '' }, site));
  state.setFilter({ project: 'Shop' });
  assert.deepEqual(page.requests.at(-1)?.input, { ...site, folder: '/a', project: 'Shop' });
});
