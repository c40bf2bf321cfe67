import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cliJson } from './cli.ts';
import { store } from './person.ts';
import { eventually, test } from './runner.ts';
import { TestTree } from './tree.ts';

/** Runs with a tree of its own, and with a store that is empty before and after. */
async function withTree(run: (tree: TestTree) => Promise<void>): Promise<void> {
  const opened = await store();
  const clear = async (): Promise<void> => {
    for (const { id, status } of [...opened.view.all()]) {
      if (status === 'in_progress') await opened.updateTask(id, { status: 'cancelled' });
      await opened.deleteTask(id);
    }
  };
  await clear();
  const tree = await new TestTree().ready();
  try {
    await run(tree);
  } finally {
    await tree.close();
    await clear();
  }
}

test('an empty store shows the welcome text instead of rows', () =>
  withTree(async (tree) => assert.deepEqual(tree.rows(), [])));

test('tasks are grouped by status, with counts', () =>
  withTree(async (tree) => {
    const opened = await store();
    const first = await opened.createTask({ title: 'First', tool: 'SHELL' });
    await opened.createTask({ title: 'Second', tool: 'SHELL', priority: 'high' });
    await opened.createTask({ title: 'Third', tool: 'SHELL', dependsOn: [first.id] });
    await opened.updateTask(first.id, { status: 'in_progress' });
    await eventually(() => {
      const [pending, second, third, running, one] = tree.rows().map((row) => row.replace(/#\d+/g, '#N'));
      assert.equal(pending, 'Pending | 2 | group pending');
      assert.equal(second, '  #N Second | high · SHELL · just now | task startable completable cancellable splittable');
      assert.equal(third, '  #N Third | SHELL · waiting for #N | task startable completable cancellable splittable');
      assert.equal(running, 'In Progress | 1 | group in_progress');
      assert.match(one ?? '', /^ {2}#N First \| SHELL · < 1 min \| task cancellable pausable inlineLog inlinePause$/);
    });
  }));

test('a row has a spoken state, and its tooltip is untrusted Markdown', () =>
  withTree(async (tree) => {
    const opened = await store();
    await opened.createTask({ title: 'Look <b>here</b>', description: '[click](command:x)', tool: 'SHELL' });
    await eventually(() => assert.ok(tree.item('Look')));
    const item = await tree.hovered('Look');
    assert.match(item?.accessibilityInformation?.label ?? '', /^Task \d+, Look <b>here<\/b>, Pending, agent SHELL/);
    assert.ok(item?.tooltip instanceof vscode.MarkdownString);
    assert.ok(!item.tooltip.isTrusted && item.tooltip.supportHtml !== true);
    assert.ok(item.tooltip.value.includes('\\[click\\]\\(command\\:x\\)'));
    assert.ok(item.iconPath instanceof vscode.ThemeIcon);
    assert.ok(item.id);
  }));

test('a change of another process is displayed without a manual refresh', () =>
  withTree(async (tree) => {
    // The editor asks for the first rows; only what was drawn once is drawn again.
    const drawn = [tree.rows()];
    const drawing = tree.provider.onDidChangeTreeData(() => drawn.push(tree.rows()));
    const isDrawn = (words: string): Promise<void> =>
      eventually(() =>
        assert.ok(
          drawn.at(-1)?.some((row) => row.includes(words)),
          JSON.stringify(drawn.at(-1)),
        ),
      );
    for (const title of ['One', 'Two', 'Three']) {
      await cliJson('task', 'create', title, '--assigned-to', 'SHELL');
      await isDrawn(title);
    }
    await cliJson('task', 'cancel', 'Two');
    await isDrawn('Cancelled | 1 | group cancelled');
    drawing.dispose();
  }));

test('a flood of changes is displayed a few times a second, including the last one', () =>
  withTree(async (tree) => {
    const opened = await store();
    const task = await opened.createTask({ title: 'Busy', tool: 'SHELL' });
    await opened.updateTask(task.id, { status: 'in_progress' });
    await eventually(() => assert.ok(tree.item('Busy')));
    const before = tree.redrawn.length;
    const started = performance.now();
    for (let progress = 1; progress <= 100; progress += 1) await opened.updateTask(task.id, { progress });
    await eventually(() => assert.match(String(tree.item('Busy')?.description), /100 %/));
    const seconds = (performance.now() - started) / 1_000;
    assert.ok(tree.redrawn.length - before <= seconds * 5 + 3, `${tree.redrawn.length - before} in ${seconds} s`);
  }));
