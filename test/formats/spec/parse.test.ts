import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TaskError } from '../../../src/core/errors.ts';
import { planProblems } from '../../../src/core/plan/check.ts';
import { type PlanItem, placedItems } from '../../../src/core/plan/plan.ts';
import { parseSpec } from '../../../src/formats/spec/parse.ts';

function itemsOf(text: string, file?: string): Map<string, PlanItem> {
  const { plan } = parseSpec(text, { file });
  return new Map(placedItems(plan).map(({ item }) => [item.title, item]));
}

function after(text: string): Record<string, readonly string[]> {
  const items = [...itemsOf(text).values()];
  const titles = new Map(items.map(({ key, title }) => [key, title]));
  return Object.fromEntries(
    items.map(({ title, dependsOn = [] }) => [title, dependsOn.map((key) => titles.get(key) ?? `? ${key}`)]),
  );
}

describe('order of Spec Kit tasks', () => {
  const file = (tasks: string): string => `## Phase 1: Setup\n\n${tasks}`;

  it('runs neighbours with [P] together and every other task after the one before', () => {
    const text = file('- [ ] T001 a\n- [ ] T002 [P] b\n- [ ] T003 [P] c\n- [ ] T004 d\n- [ ] T005 [P] e');
    assert.deepEqual(after(text), { 'Phase 1: Setup': [], a: [], b: ['a'], c: ['a'], d: ['b', 'c'], e: ['d'] });
  });

  it('lets every story wait for the foundation, and the polish for all stories', () => {
    const text = [
      '## Phase 2: Foundational\n- [ ] T001 base',
      '## Phase 3: User Story 1 - One (Priority: P1)\n- [ ] T002 [US1] one',
      '## Phase 4: User Story 2 - Two (Priority: P2)\n- [ ] T003 [US2] two',
      '## Phase 5: Polish\n- [ ] T004 polish',
    ].join('\n\n');
    const order = after(text);
    assert.deepEqual([order['one'], order['two'], order['polish']], [['base'], ['base'], ['one', 'two']]);
    const items = itemsOf(text);
    assert.deepEqual([items.get('one')?.priority, items.get('two')?.priority], ['critical', 'high']);
    assert.deepEqual(items.get('one')?.labels, ['US1']);
  });

  it('expands ranges of ids', () => {
    const text = file('- [ ] T001 a\n- [ ] T002 [P] b\n- [ ] T003 [P] c\n- [ ] T004 d (depends on T001-T003)');
    assert.deepEqual(after(text)['d'], ['a', 'b', 'c']);
  });
});

describe('other formats', () => {
  it('takes the plain list of a phase beside a phase with checkboxes', () => {
    const items = itemsOf('## Phase 1: A\n\n- one\n- two\n\n## Phase 2: B\n\n- [ ] three\n\n## Notes\n\n- four');
    assert.deepEqual([...items.keys()], ['Phase 1: A', 'one', 'two', 'Phase 2: B', 'three']);
    assert.doesNotMatch(items.get('Phase 1: A')?.description ?? '', /one/);
  });

  it('chains Kiro tasks, and lets none wait for an optional one', () => {
    const text = '- [ ] 1. a\n- [ ] 2. b\n  - [ ] 2.1 c\n  - [ ]* 2.2 d\n- [ ] 3. e';
    assert.deepEqual(after(text), { a: [], b: [], c: ['a'], d: ['c'], e: ['c'] });
    assert.deepEqual(itemsOf(text).get('d')?.labels, ['optional']);
  });

  it('takes the criteria of Kiro tasks from the requirements', () => {
    const requirements = '### Requirement 1\n#### Acceptance Criteria\n1. WHEN a THEN b\n2. WHEN c THEN d';
    const { plan } = parseSpec('- [ ] 1. a\n  - detail\n  - _Requirements: 1.2_', { requirements });
    assert.deepEqual(plan.items[0]?.acceptance, ['WHEN c THEN d']);
    assert.match(plan.items[0]?.description ?? '', /^a\n- detail/);
  });

  it('chains the groups of OpenSpec', () => {
    const text = '## 1. A\n- [ ] 1.1 a\n- [x] 1.2 b\n## 2. B\n- [ ] 2.1 c';
    assert.deepEqual(after(text), { A: [], a: [], b: ['a'], B: [], c: ['b'] });
    assert.equal(itemsOf(text).get('b')?.status, 'completed');
  });

  it('names the project by the folder of a file without a title', () => {
    assert.equal(parseSpec('- [ ] a', { file: 'openspec/changes/add-otp/tasks.md' }).plan.project, 'add-otp');
  });

  it('takes acceptance criteria of stories, not tasks, from their checkboxes', () => {
    const text =
      '# PRD: X\n## User Stories\n### US-1: See it\nAs a person, I see it.\n\n**Acceptance Criteria:**\n- [ ] it is shown';
    const items = itemsOf(text);
    assert.deepEqual([...items.keys()], ['See it']);
    assert.deepEqual(items.get('See it')?.acceptance, ['it is shown']);
  });

  it('reads priorities, estimates and limits', () => {
    const item = itemsOf('- [ ] Build it [high] (2 days) (max 20000 tokens)').get('Build it');
    assert.deepEqual(
      [item?.priority, item?.metadata, item?.constraints],
      ['high', { estimate: '2 days' }, { max_tokens: 20_000 }],
    );
  });

  it('makes one task of each heading or paragraph of a text without lists', () => {
    assert.deepEqual(
      [...itemsOf('# App\n## Login\nUsers log in.\n## Search\nUsers search.').keys()],
      ['Login', 'Search'],
    );
    assert.deepEqual([...itemsOf('Add a login form.\n\nThen test it.').keys()], ['Add a login form.', 'Then test it.']);
  });

  it('skips code blocks, comments and front matter', () => {
    const text = '---\ntitle: "Shop"\n---\n- [ ] a\n\n```\n- [ ] b\n```\n<!-- - [ ] c\n- [ ] d -->\n- [ ] e';
    const { plan, title } = parseSpec(text);
    assert.deepEqual([title, plan.items.map((item) => item.title)], ['Shop', ['a', 'e']]);
    assert.deepEqual(
      plan.items.map(({ source }) => source?.line),
      [4, 11],
    );
  });
});

describe('damaged specifications', () => {
  it('reads Windows line ends, tabs and front matter that is no YAML or never ends', () => {
    const titles = (text: string): string[] => [...itemsOf(text).keys()];
    assert.deepEqual(titles('\ufeff- [ ] a\r\n\t- [ ] b\r\n'), ['a', 'b']);
    assert.deepEqual(titles("---\ntitle: it's: {broken\n- x\n---\n- [ ] a"), ['a']);
    assert.deepEqual(titles('---\ntitle: open\n\n- [ ] a'), ['a']);
  });

  it('names a dependency cycle', () => {
    const { plan } = parseSpec('- [ ] A (depends on B)\n- [ ] B (depends on A)');
    const [problem] = planProblems(plan, () => false);
    assert.equal(problem?.message, 'Dependency cycle: "A" → "B" → "A".');
  });

  it('reports names without a task, ids that occur twice, and a task that waits for its own group', () => {
    const text = '- [ ] T001 a (depends on T099)\n- [ ] T001 b\n- [ ] T002 c\n  - [ ] T003 d (depends on T002)';
    const { notes, plan } = parseSpec(text);
    assert.deepEqual(
      notes.map(({ line, message }) => `${line}: ${message}`),
      [
        '1: No task is named "T099".',
        '4: "d" cannot wait for "c", which contains it.',
        '2: Lines 1 and 2 have the same id "T001".',
      ],
    );
    assert.deepEqual(
      planProblems(plan, () => false),
      [],
    );
  });

  it('rejects a text without tasks, one that is too long, and too many tasks', () => {
    const code = (text: string): string => {
      try {
        parseSpec(text);
      } catch (error) {
        return TaskError.is(error) ? error.code : String(error);
      }
      return 'accepted';
    };
    assert.equal(code(' \n\n'), 'InvalidInput');
    assert.equal(code('x'.repeat(5_000_001)), 'TooLarge');
    assert.equal(code('- [ ] a\n'.repeat(10_001)), 'TooLarge');
  });

  it('keeps the order of two wide phases without an edge for each pair', () => {
    const tasks = (letter: string): string =>
      Array.from({ length: 4_000 }, (_, index) => `- [ ] ${letter}${index} word`).join('\n');
    const { plan } = parseSpec(`## Phase 1: A\n${tasks('one ')}\n## Phase 2: B\n${tasks('two ')}`);
    const edges = placedItems(plan).reduce((sum, { item }) => sum + (item.dependsOn?.length ?? 0), 0);
    assert.ok(edges >= 4_000 && edges < 10_000, String(edges));
    assert.deepEqual(
      planProblems(plan, () => false),
      [],
    );
  });

  it('gives every text a valid plan or a refusal', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '# H',
        '## Phase 1: A',
        '- [ ] a',
        '  - [x] b',
        '    - c',
        '```',
        '<!--',
        '-->',
        '---',
        '',
        '1. [ ] x',
      ),
      fc.string({ maxLength: 40 }),
      fc.string({ unit: fc.constantFrom('-', '[', ']', ' ', '*', '(', 'T', '1', '.', '`', '#'), maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        try {
          const { plan } = parseSpec(lines.join('\n'));
          const kinds = planProblems(plan, () => false).map(({ kind }) => kind);
          assert.deepEqual(
            kinds.filter((kind) => kind !== 'cycle'),
            [],
          );
        } catch (error) {
          assert.ok(TaskError.is(error, 'InvalidInput'), String(error));
        }
      }),
    );
  });
});
