import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TaskError } from '../../../src/core/errors.ts';
import { type Plan, type PlanItem, placedItems, planSchema } from '../../../src/core/plan/plan.ts';
import { parseInput } from '../../../src/core/task/create.ts';
import { exportFormats, exportText } from '../../../src/formats/export/export-text.ts';
import { exportFiles } from '../../../src/formats/export/folders.ts';
import { importFormats, importTexts } from '../../../src/formats/import/import-text.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map((each) => each.trim() || 'x');
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Plans with unique keys; an item depends on earlier leaves. */
const plans: fc.Arbitrary<Plan> = fc
  .array(
    fc.record({
      title: text,
      description: maybe(text),
      instructions: maybe(text),
      priority: maybe(fc.constantFrom('critical', 'high', 'medium', 'low')),
      labels: maybe(fc.uniqueArray(text, { maxLength: 3 })),
      acceptance: maybe(fc.array(text, { maxLength: 3 })),
      status: maybe(fc.constantFrom('pending', 'completed', 'cancelled', 'paused')),
      constraints: maybe(fc.record({ max_tokens: fc.integer({ min: 1, max: 9_999 }) })),
      metadata: maybe(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })),
      parent: fc.nat(20),
      after: fc.nat(20),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drafts) => {
    const top: PlanItem[] = [];
    const all: PlanItem[] = [];
    for (const [index, { parent, after, ...fields }] of drafts.entries()) {
      const item: PlanItem = { key: `k-${index + 1}`, kind: 'work', ...fields };
      const container = all[parent];
      const first = all[after];
      if (first !== undefined && first.children === undefined && first !== container) item.dependsOn = [first.key];
      if (container === undefined || all.some((each) => each.dependsOn?.includes(container.key))) top.push(item);
      else {
        container.kind = 'group';
        container.children = [...(container.children ?? []), item];
      }
      all.push(item);
    }
    return parseInput(planSchema, JSON.parse(JSON.stringify({ items: top })));
  });

describe('export and import', () => {
  it('keep every planned field as JSON', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { plan: again } = importTexts([{ name: 'a.json', text: exportText(plan, 'json') }], 'a.json');
        assert.deepEqual({ ...again, source: undefined }, { ...plan, source: undefined });
      }),
    );
  });

  it('keep titles, tree, order and status as issues of beads', () => {
    const shape = (plan: Plan): unknown[] =>
      placedItems(plan).map(({ item, parent }) => [
        item.key,
        item.title,
        parent?.key,
        item.dependsOn,
        item.status ?? 'pending',
        item.priority ?? 'medium',
      ]);
    fc.assert(
      fc.property(plans, (plan) => {
        const { plan: again } = importTexts([{ name: 'a.jsonl', text: exportText(plan, 'beads') }], 'a.jsonl', {
          format: 'beads',
        });
        assert.deepEqual(shape(again), shape(plan));
      }),
      { examples: [[parseInput(planSchema, { items: [{ key: 'k-1', title: '!\u2028!' }] })]] },
    );
  });

  it('keep titles, tree, order, labels and status as files of Backlog.md', () => {
    const shape = (plan: Plan): unknown[] => {
      const placed = placedItems(plan);
      const titleOf = new Map(placed.map(({ item }) => [item.key, item.title]));
      return placed
        .map(({ item, parent }) => [
          item.title,
          parent?.title,
          (item.dependsOn ?? []).map((key) => titleOf.get(key)),
          item.status ?? 'pending',
          (item.labels ?? []).filter((label) => label !== 'draft').sort(),
        ])
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    };
    fc.assert(
      fc.property(plans, (plan) => {
        const { plan: again } = importTexts(exportFiles(plan, 'backlog'), 'backlog', { format: 'backlog' });
        assert.deepEqual(shape(again), shape(plan));
      }),
      { numRuns: 50 },
    );
  });

  it('keep texts as files of Backlog.md, and order as a list of Claude Code', () => {
    const plan = parseInput(planSchema, {
      items: [
        { key: 'a', title: 'A', description: 'One\n## Two', instructions: 'Do it', acceptance: ['ok'] },
        { key: 'b', title: 'B: "x"', dependsOn: ['a'], status: 'completed' },
        { key: 'c', title: 'C', status: 'cancelled' },
      ],
    });
    const { plan: backlog } = importTexts(exportFiles(plan, 'backlog'), 'backlog', { format: 'backlog' });
    const [a] = backlog.items;
    assert.deepEqual(
      [a?.title, a?.description, a?.instructions, a?.acceptance],
      ['A', 'One\n### Two', 'Do it', ['ok']],
    );
    const { plan: claude } = importTexts(exportFiles(plan, 'claude-tasks'), 'list', { format: 'claude-tasks' });
    assert.deepEqual(
      claude.items.map(({ title, status = 'pending', dependsOn = [] }) => [title, status, dependsOn.length]),
      [
        ['A', 'pending', 0],
        ['B: "x"', 'completed', 1],
      ],
    );
    assert.match(claude.items[0]?.description ?? '', /Do it[\s\S]*- \[ \] ok/);
  });

  it('show no invisible character in JSON', () => {
    const plan = parseInput(planSchema, { items: [{ key: 'a', title: 'x\u202ey\u200b' }] });
    for (const format of ['json', 'beads', 'task-master'] as const)
      assert.match(exportText(plan, format), /x\\u202ey\\u200b/);
  });

  it('mark cells that a spreadsheet would calculate', () => {
    const plan = parseInput(planSchema, { items: [{ key: 'a', title: '=1+1' }] });
    assert.match(exportText(plan, 'csv'), /^a,'=1\+1,/m);
  });

  it('give texts of every format that their importer reads', () => {
    const plan = parseInput(planSchema, {
      items: [
        {
          key: 'g',
          kind: 'group',
          title: 'Group',
          children: [{ key: 'a', title: 'A', priority: 'high', acceptance: ['ok'] }],
        },
        { key: 'b', title: 'B', dependsOn: ['a'], status: 'completed', description: 'Two\nlines' },
      ],
    });
    for (const format of exportFormats) {
      const { plan: again } = importTexts([{ name: `a.${format}`, text: exportText(plan, format) }], 'a', { format });
      const items = new Map(placedItems(again).map(({ item, parent }) => [item.title, { item, parent }]));
      assert.match(items.get('A')?.parent?.title ?? '', /^(?:Phase 1: )?Group$/, format);
      assert.deepEqual(items.get('A')?.item.acceptance, ['ok'], format);
      assert.deepEqual([items.get('B')?.item.status, items.get('B')?.item.dependsOn?.length], ['completed', 1], format);
    }
  });

  it('keep titles, boxes and dependencies in the files of Spec Kit, Kiro and OpenSpec, which are recognised', () => {
    const part = (key: string, more: object = {}) => ({ key, title: `Part ${key}`, ...more });
    const plan = parseInput(planSchema, {
      items: [
        { key: 'g', kind: 'group', title: 'Phase 1: First', children: [part('a'), part('b', { status: 'completed' })] },
        part('c', { dependsOn: ['a'] }),
        { key: 'h', kind: 'group', title: 'Last', children: [part('d', { dependsOn: ['b', 'c'] }), part('e')] },
      ],
    });
    for (const format of ['spec-kit', 'kiro', 'openspec'] as const) {
      const { plan: again } = importTexts([{ name: 'tasks.md', text: exportText(plan, format) }], 'tasks.md');
      assert.equal(again.source?.tool, format);
      const placed = placedItems(again);
      const work = placed.filter(({ item }) => item.title.startsWith('Part '));
      assert.deepEqual(
        work.map(({ item }) => [item.title, item.status ?? 'pending']),
        ['a', 'b', 'c', 'd', 'e'].map((key) => [`Part ${key}`, key === 'b' ? 'completed' : 'pending']),
      );
      const [a, , c, d] = work.map(({ item }) => item);
      if (format === 'spec-kit') {
        assert.ok(c?.dependsOn?.includes(a?.key ?? ''));
        assert.ok(placed.some(({ item }) => item.title === 'Phase 1: First'));
        assert.ok(d?.dependsOn?.includes(c?.key ?? ''));
      } else assert.deepEqual(d?.dependsOn, [c?.key], 'each follows the one before');
    }
  });

  it('accept or reject any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((each) => JSON.stringify({ tasks: [each] })),
        ),
        fc.constantFrom(undefined, ...importFormats),
        (content, format) => {
          try {
            importTexts([{ name: 'a', text: content }], 'a', { format });
          } catch (error) {
            assert.ok(TaskError.is(error, 'InvalidInput', 'TooLarge'), String((error as Error).stack));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
