import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { numberIn, statusAnswer, whyAnswer } from '../../../src/vscode/chat/answers.ts';
import { at, taskId, taskWith } from '../../core/fixtures.ts';
import { standingAmong } from '../../core/task/worlds.ts';

const request = { id: 'a1', number: 1, kind: 'tool' as const, title: 'Run it', status: 'pending' as const };
const first = taskWith({ id: taskId('task_first'), number: 7, title: 'First [x](command:evil)' });
const waiting = taskWith({ number: 8, title: 'Second', depends_on: [first.id], queued_at: at(0) });
const asking = taskWith({
  id: taskId('task_asking'),
  number: 9,
  status: 'in_progress',
  approvals: [{ ...request, requested_at: at(0) }],
});
const failed = taskWith({
  id: taskId('task_failed'),
  number: 10,
  status: 'failed',
  error: 'It broke.\n<b>',
  error_next: [{ kind: 'operation', operation: 'task.restart', input: { tasks: [10] }, label: 'Restart it' }],
});
const done = taskWith({ id: taskId('task_done'), number: 11, status: 'completed' });
const all = [first, waiting, asking, failed, done];
const standingOf = standingAmong(all);

describe('the answers of @tasks', () => {
  it('show the tasks that need a person first, with links that only open tasks', () => {
    const { markdown, buttons, tasks } = statusAnswer(all, standingOf, '/work/a b');
    const order = ['Waiting for you (1)', 'Failed (1)', 'Waiting (1)', 'Not started (1)'];
    assert.deepEqual(
      order
        .map((heading) => markdown.indexOf(heading))
        .map((place, index, places) => place > (places[index - 1] ?? -1)),
      order.map(() => true),
      markdown,
    );
    assert.match(markdown, /1 of 5 tasks have ended\./);
    const links = [...markdown.matchAll(/(?<!\\)\]\(command:([\w.]+)/g)].map(([, command]) => command);
    assert.deepEqual(new Set(links), new Set(['systemprompt.task.open']));
    assert.deepEqual(
      buttons.map(({ command }) => command),
      ['systemprompt.approvals.open'],
    );
    assert.deepEqual(
      tasks.map(({ number }) => number),
      [9, 10, 8, 7],
    );
    assert.match(statusAnswer([], standingOf, '/work').markdown, /no tasks/);
  });

  it('count an entrant that failed in a decided race as ended', () => {
    const race = taskWith({ id: taskId('task_race'), kind: 'group', status: 'completed', race: { picked: done.id } });
    const tasks = [race, { ...failed, parent_id: race.id }];
    const { markdown } = statusAnswer(tasks, standingAmong(tasks), '/work');
    assert.doesNotMatch(markdown, /Failed/);
    assert.match(markdown, /2 of 2 tasks have ended/);
  });

  it('explain what a task waits for', () => {
    const { markdown, tasks } = whyAnswer(waiting, standingOf(waiting), '/work');
    assert.match(markdown, /waiting for \\#7/);
    assert.match(markdown, /First \\\[x\\\]\\\(command\\:evil\\\)/);
    assert.deepEqual(
      tasks.map(({ number }) => number),
      [8, 7],
    );
    assert.match(whyAnswer(asking, standingOf(asking), '/work').markdown, /Run it/);
  });

  it('explain a failure, with a button for the next step', () => {
    const { markdown, buttons } = whyAnswer(failed, standingOf(failed), '/work');
    assert.match(markdown, /> It broke\\\.\s+> \\<b\\>/);
    assert.match(markdown, /- Restart it/);
    assert.deepEqual(buttons[0]?.command, 'systemprompt.task.restart');
    assert.deepEqual(buttons[0]?.args, ['10', '/work']);
  });

  it('find the number in a prompt', () => {
    assert.deepEqual(['12', '#12', 'why does #12 wait?', 'nothing'].map(numberIn), [12, 12, 12, undefined]);
  });
});
