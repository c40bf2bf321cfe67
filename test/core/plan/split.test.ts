import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { complexityOf } from '../../../src/core/assess/complexity.ts';
import { splitPlan } from '../../../src/core/plan/split.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { newTask, refusal, taskWith } from '../fixtures.ts';

const list = (...items: string[]): string => items.map((item) => `- [ ] ${item}`).join('\n');
const titles = (task: TaskRecord, numSubtasks = 3): string[] =>
  splitPlan(task, { strategy: 'parallel', numSubtasks }).items.map(({ title }) => title);

describe('splitting a task', () => {
  it('takes open checklist items with the lines below them, and no finished ones', () => {
    const description = `Do it.\n- [x] Done\n${list('Add models', 'Add views')}\n    with tests\n- [ ] Add docs\n`;
    const { items } = splitPlan(newTask({ description }), { strategy: 'parallel', numSubtasks: 3 });
    assert.deepEqual(
      items.map(({ title }) => title),
      ['Add models', 'Add views', 'Add docs'],
    );
    assert.match(items[1]?.description ?? '', /- \[ \] Add views\n {4}with tests$/);
  });

  it('takes list items, sections or files where there is no checklist', () => {
    assert.deepEqual(titles(newTask({ description: '1. One\n2. Two\n3. Three' })), ['One', 'Two', 'Three']);
    assert.deepEqual(titles(newTask({ description: '# A\nx\n## B\ny' })), ['A', 'B']);
    assert.deepEqual(titles(newTask({ description: 'Change src/a.ts and src/b.ts.' })), ['src/a.ts', 'src/b.ts']);
  });

  it('spreads many items over the parts, and divides a text without structure', () => {
    const description = list('1', '2', '3', '4', '5', '6', '7');
    assert.deepEqual(titles(newTask({ description })), ['1 (+1 more)', '3 (+1 more)', '5 (+2 more)']);
    assert.deepEqual(titles(newTask({ title: 'Refactor' }), 2), ['Refactor (part 1 of 2)', 'Refactor (part 2 of 2)']);
  });

  it('keeps each part below a complexity (F221)', () => {
    const item = (name: string): string =>
      `Migrate the ${name} of src/${name}.ts with all tests and the database schema`;
    const task = newTask({
      title: 'Migrate',
      description: list(...['users', 'orders', 'items', 'prices', 'carts'].map(item)),
    });
    const { items } = splitPlan(task, { strategy: 'complexity_based', maxSubtaskComplexity: 0.45 });
    assert.ok(items.length > 1 && items.length <= 5, `${items.length} parts`);
    for (const { title, description } of items) {
      const score = complexityOf({ title, description: description ?? '', labels: [] } as unknown as TaskRecord).score;
      assert.ok(score < complexityOf(task).score);
    }
  });

  it('refuses a task that is simple enough for one part', () => {
    const how = { strategy: 'complexity_based', maxSubtaskComplexity: 0.5 } as const;
    const { message } = refusal(() => splitPlan(newTask({ title: 'Fix a typo' }), how), 'InvalidInput');
    assert.match(message, /^#1 needs no split: its complexity is 0\.\d\d, and a part may have 0\.5\.$/);
  });

  it('divides the limits, and refuses limits that are too small', () => {
    const constraints = { max_tokens: 1_000, max_cost_usd: 1, max_iterations: 7, allowed_tools: ['web_search'] };
    const { items } = splitPlan(newTask({ constraints }), { strategy: 'parallel', numSubtasks: 3 });
    assert.deepEqual(items[0]?.constraints, {
      max_tokens: 333,
      max_iterations: 2,
      max_cost_usd: 1 / 3,
      allowed_tools: ['web_search'],
    });
    const tiny = newTask({ constraints: { max_iterations: 2 } });
    refusal(() => splitPlan(tiny, { strategy: 'parallel', numSubtasks: 3 }), 'InvalidInput');
  });

  it('refuses a task that has begun or ended, and a group', () => {
    for (const fields of [{ status: 'completed' }, { kind: 'group' }] as const) {
      refusal(() => splitPlan(taskWith(fields), { strategy: 'parallel', numSubtasks: 2 }), 'IllegalTransition');
    }
  });
});
