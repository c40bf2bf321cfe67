import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { needOf } from '../../../src/core/task/needs.ts';
import { addTask } from '../../../src/store/task-changes.ts';
import { boardOf, FIRST_CARDS } from '../../../src/vscode/board/columns.ts';
import { boardWords } from '../../../src/vscode/board/words.ts';
import { folderStanding } from '../../../src/vscode/folders/folder-standing.ts';
import { type Board, boardProtocol, type Wish } from '../../../src/webviews/board/protocol.ts';
import { type Bench, bench } from '../../operations/context.ts';

const everything: Wish = { folder: '', group: 'status', filter: '', limits: {} };

async function boardWith(
  context: TestContext,
  fill: (draft: Parameters<Parameters<Bench['store']['transact']>[1]>[0]) => void,
): Promise<(wish?: Partial<Wish>) => Board> {
  const on = await bench(context);
  await on.store.transact('test.board', fill);
  const folder = { host: on, isPlaying: false, path: '/w' } as unknown as Parameters<typeof boardOf>[0]['folder'] & {};
  const now = Date.now();
  const needing = {
    of: () =>
      new Map(
        [...on.store.view.all()].flatMap((task) => {
          const need = needOf(task, folderStanding(folder, task, now));
          return need === undefined ? [] : [[task.id, need] as const];
        }),
      ),
  };
  const changes = { of: () => ({ files: 2, added: 5, deleted: 1 }) };
  return (wish = {}) => ({
    folders: [],
    trusted: true,
    ...boardOf({
      folder,
      wish: { ...everything, ...wish },
      needing,
      changes,
      trusted: true,
      now,
      describe: (error) => (error as Error).message,
    }),
  });
}

const filled = ({ columns }: Board) =>
  columns.filter(({ count }) => count > 0).map(({ key, cards }) => [key, cards.map(({ number }) => number)]);

describe('the board', () => {
  it('receives every task once in the column of its situation, in its protocol', async (context) => {
    const read = await boardWith(context, (draft) => {
      addTask(draft, { title: 'Idle <b>' });
      const queued = addTask(draft, { title: 'Next', priority: 'high' });
      draft.patch(queued.id, { queued_at: draft.at });
      const failed = addTask(draft, { title: 'Broken' });
      draft.patch(failed.id, { status: 'failed', error: 'The tests fail.', completed_at: draft.at });
      const done = addTask(draft, { title: 'Done', constraints: { max_cost_usd: 2 } });
      draft.patch(done.id, { status: 'completed', usage: { cost_usd: 1 }, completed_at: draft.at });
    });
    const board = read();
    assert.deepEqual(boardProtocol.requests.load.output.parse(board), board);
    assert.deepEqual(boardProtocol.requests.words.output.parse(boardWords()), boardWords());
    assert.deepEqual(filled(board), [
      ['needs_you', [3]],
      ['pending', [1]],
      ['queued', [2]],
      ['completed', [4]],
    ]);
    const card = (number: number) => board.columns.flatMap(({ cards }) => cards).find((one) => one.number === number);
    assert.equal(card(1)?.title, 'Idle <b>');
    assert.equal(card(1)?.action?.label, 'Start');
    assert.equal(card(2)?.urgency?.level, 'high');
    assert.equal(card(3)?.words, 'Failed · The tests fail.');
    assert.equal(card(3)?.action?.name, 'restart');
    assert.deepEqual(card(4)?.spend, { text: '$1.00 of $2.00', share: 0.5 });
    assert.deepEqual(card(4)?.changes, { files: '2 files', added: 5, deleted: 1 });
  });

  it('shows a first part of a long column, and more on request', async (context) => {
    const read = await boardWith(context, (draft) => {
      for (let n = 0; n < 100; n += 1) addTask(draft, { title: `Task ${n}` });
    });
    const column = (board: Board) => board.columns.find(({ key }) => key === 'pending');
    assert.equal(column(read())?.cards.length, FIRST_CARDS);
    assert.equal(column(read())?.count, 100);
    assert.equal(column(read({ limits: { pending: 90 } }))?.cards.length, 90);
  });

  it('filters as the view does, and reports a filter that cannot be used', async (context) => {
    const read = await boardWith(context, (draft) => {
      addTask(draft, { title: 'One', labels: ['api'] });
      addTask(draft, { title: 'Two' });
    });
    assert.deepEqual(filled(read({ filter: 'label:api' })), [['pending', [1]]]);
    const wrong = read({ filter: 'is:nonsense' });
    assert.match(wrong.problem, /is:nonsense/);
    assert.deepEqual(filled(wrong), [['pending', [1, 2]]]);
  });

  it('has the columns of other groupings, with parts beside their parents', async (context) => {
    const read = await boardWith(context, (draft) => {
      const group = addTask(draft, { title: 'Group', project: 'Shop' });
      addTask(draft, { title: 'Part', project: 'Shop', parentId: group.id, labels: ['api', 'ui'] });
      addTask(draft, { title: 'Loose' });
    });
    assert.deepEqual(filled(read({ group: 'project' })), [
      ['project:Shop', [1, 2]],
      ['project:', [3]],
    ]);
    assert.deepEqual(filled(read({ group: 'label' })), [
      ['label:api', [2]],
      ['label:ui', [2]],
      ['label:', [1, 3]],
    ]);
    assert.deepEqual(filled(read({ group: 'none' })), [['all', [1, 2, 3]]]);
  });
});
