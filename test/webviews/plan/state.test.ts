import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edit, PlanModel } from '../../../src/webviews/plan/protocol.ts';
import { FakePage } from '../../support/fake-page.ts';

interface State {
  readonly fault: { readonly value: string };
  readonly edits: { readonly value: unknown };
  readonly check: { readonly value: unknown };
  edit(key: string, change: Edit): void;
  settle(accepted: string[]): void;
}

const plan: PlanModel = {
  folder: '/w',
  heading: 'Plan',
  source: 'a.md',
  origin: '{}',
  items: [
    {
      key: 'a',
      depth: 0,
      group: false,
      title: 'A',
      skipped: false,
      agent: 'SHELL',
      phases: false,
      limits: {},
      description: '',
      after: [],
      change: '',
    },
  ],
  agents: [],
  notes: [],
  canStart: true,
  fault: '',
  canRefine: true,
  refined: '',
};

test('a change that the host refuses locks the plan until it is corrected', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const page = new FakePage();
  const { check, edit, fault } = await page.load<State>('plan');
  const good = { problems: [], creates: 1, changes: 0 };
  page.emit('plan', plan);
  context.mock.timers.runAll();
  await page.reply('check', { output: good });
  assert.deepEqual(check.value, good);

  edit('a', { title: '' });
  context.mock.timers.runAll();
  await page.reply('check', { message: 'The title is empty.' });
  assert.deepEqual([check.value, fault.value], [undefined, 'The title is empty.']);

  edit('a', { title: 'B' });
  context.mock.timers.runAll();
  await page.reply('check', { output: good });
  assert.deepEqual([check.value, fault.value], [good, '']);
});

test('the changes of a person outlive a source that cannot be read for a while', async () => {
  const page = new FakePage();
  const edits = { skip: [], items: { a: { title: 'B' } } };
  page.saved = { folder: '/w', origin: '{}', edits };
  await page.load<State>('plan');
  page.emit('plan', { ...plan, items: [], fault: 'The file is missing.' });
  assert.deepEqual(page.saved, { folder: '/w', origin: '{}', edits });

  const reloaded = await page.load<State>('plan');
  page.emit('plan', plan);
  assert.deepEqual(reloaded.edits.value, edits.items);
});

test('the changes of a person stay in a plan with accepted changes of an agent', async () => {
  const page = new FakePage();
  const { edit, edits, settle } = await page.load<State>('plan');
  page.emit('plan', plan);
  edit('a', { title: 'B' });
  settle(['n']);
  const [first] = plan.items;
  page.emit('plan', { ...plan, items: [first, { ...first, key: 'n' }] });
  await page.reply('settle', { output: null });
  assert.deepEqual(edits.value, { a: { title: 'B' } });

  page.emit('plan', plan);
  assert.deepEqual(edits.value, {}, 'they do not return in a later plan');
});
