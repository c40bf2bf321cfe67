import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { z } from 'zod';
import { sourceOf } from '../../../src/core/plan/match.ts';
import { planFromSpec } from '../../../src/operations/plan/from-spec.ts';
import { taskList } from '../../../src/operations/task/list.ts';
import { type Bench, bench } from '../context.ts';

type Applied = z.output<typeof planFromSpec.output>;

async function apply(tasks: Bench, text: string, dryRun = false): Promise<z.output<typeof planFromSpec.output>> {
  writeFileSync(join(tasks.store.folder, 'TODO.md'), text);
  return tasks.run(planFromSpec, { file: 'TODO.md', dryRun });
}

function changes({ tasks }: Applied): string[] {
  return tasks.map(({ title, change, fields = [] }) => [title, change, ...fields].join(' '));
}

describe('applying a specification again', () => {
  it('changes nothing for the same file', async (context: TestContext) => {
    const tasks = await bench(context);
    const text = '- [ ] A\n  - [ ] B (depends on C)\n  - [ ] C [high]\n- [x] D';
    await apply(tasks, text);
    const before = await tasks.store.getTasks();
    const again = await apply(tasks, text);
    assert.deepEqual(changes(again), ['A unchanged', 'B unchanged', 'C unchanged', 'D unchanged']);
    assert.deepEqual(await tasks.store.getTasks(), before);
  });

  it('adds, updates and reports, and deletes nothing', async (context: TestContext) => {
    const tasks = await bench(context);
    await apply(tasks, '- [ ] A\n- [ ] B\n- [ ] C\n- [x] D');
    const text = '- [ ] New\n- [x] A [high]\n- [ ] B\n  with a detail';
    const preview = await apply(tasks, text, true);
    assert.equal((await tasks.store.getTasks()).length, 4);
    const applied = await apply(tasks, text);
    const expected = ['New new', 'A changed priority status', 'B changed description'];
    assert.deepEqual([changes(preview), changes(applied)], [expected, expected]);
    assert.deepEqual(
      applied.missing.map(({ title }) => title),
      ['C'],
    );
    const all = await tasks.store.getTasks();
    assert.deepEqual(
      all.map(({ title, status, priority }) => `${title} ${status} ${priority}`),
      ['A completed high', 'B pending medium', 'C pending medium', 'D completed medium', 'New pending medium'],
    );
    const [, second] = all;
    assert.equal(second && sourceOf(second)?.line, 3);
  });

  it('keeps the changes of people in fields that are equal in the source', async (context: TestContext) => {
    const tasks = await bench(context);
    await apply(tasks, '- [ ] A [high]\n- [ ] B');
    const [first] = await tasks.store.getTasks();
    await tasks.store.updateTask(first?.id ?? '', { title: 'My title', priority: 'critical' });
    const again = await apply(tasks, '- [ ] A [high]\n  with a detail\n- [ ] B');
    assert.deepEqual(changes(again), ['A changed description', 'B unchanged']);
    const [after] = await tasks.store.getTasks();
    assert.deepEqual([after?.title, after?.priority], ['My title', 'critical']);
    assert.match(after?.description ?? '', /^A\nwith a detail/);
  });

  it('follows tasks whose numbers move, and renamed tasks that keep their number', async (context: TestContext) => {
    const tasks = await bench(context);
    await apply(tasks, '## 1. G\n- [ ] 1.1 First\n- [ ] 1.2 Second\n- [ ] 1.3 Third');
    const again = await apply(
      tasks,
      '## 1. G\n- [ ] 1.1 Zeroth\n- [ ] 1.2 First\n- [ ] 1.3 Second, renamed\n- [ ] 1.4 Third',
    );
    assert.deepEqual(
      again.tasks.map(({ title, change }) => `${title} ${change}`),
      ['G unchanged', 'Zeroth new', 'First changed', 'Second, renamed new', 'Third changed'],
    );
    assert.deepEqual(
      again.missing.map(({ title }) => title),
      ['Second'],
    );
    const renamed = await apply(
      tasks,
      '## 1. G\n- [ ] 1.1 Zero\n- [ ] 1.2 First\n- [ ] 1.3 Second, renamed\n- [ ] 1.4 Third',
    );
    assert.ok(changes(renamed).includes('Zero changed title description'), String(changes(renamed)));
  });

  it('turns dependencies around', async (context: TestContext) => {
    const tasks = await bench(context);
    await apply(tasks, '- [ ] A (depends on B)\n- [ ] B');
    await apply(tasks, '- [ ] A\n- [ ] B (depends on A)');
    const all = await tasks.store.getTasks();
    const [a, b] = ['A', 'B'].map((title) => all.find((task) => task.title === title));
    assert.deepEqual([a?.depends_on, b?.depends_on], [[], [a?.id]]);
  });

  it('changes no ended task, and reports that each time', async (context: TestContext) => {
    const tasks = await bench(context);
    await apply(tasks, '- [x] A');
    for (let count = 0; count < 2; count++) {
      const { notes } = await apply(tasks, '- [ ] A [low]');
      assert.deepEqual(
        notes.map(({ message }) => message),
        ['#1 is completed: priority changed in the source.'],
      );
    }
  });

  it('finds tasks by their place in the source', async (context: TestContext) => {
    const tasks = await bench(context);
    await apply(tasks, '# Tasks\n- [ ] T001 One\n- [ ] T010 Ten');
    const found = async (input: z.input<typeof taskList.input>): Promise<string[]> =>
      (await tasks.run(taskList, input)).tasks.map(({ title }) => title);
    assert.deepEqual(await found({ search: 'source:t001' }), ['One']);
    assert.deepEqual(await found({ source: 'T010' }), ['Ten']);
    assert.deepEqual(await found({ source: 'TODO.md' }), ['Ten', 'One']);
    assert.deepEqual(await found({ search: 'source:T0' }), []);
  });
});
