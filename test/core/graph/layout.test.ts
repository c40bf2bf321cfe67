import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { drawGraph } from '../../../src/core/graph/draw.ts';
import { type Layout, layOut } from '../../../src/core/graph/layout.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskWith } from '../fixtures.ts';

const sizes = { box: 48, lane: 2, gap: 20 };

/** Up to 6 columns of up to 5 tasks, and lines between any two of them, some of them backwards. */
const drawings = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }).chain((counts) => {
  const tasks = counts.reduce((sum, count) => sum + count, 0);
  const number = fc.integer({ min: 1, max: tasks });
  const edges = fc.uniqueArray(fc.tuple(number, number), { maxLength: 30, selector: ([a, b]) => `${a} ${b}` });
  let next = 0;
  return fc.tuple(
    fc.constant(
      counts.map((count) =>
        Array.from({ length: count }, () => {
          next += 1;
          return next;
        }),
      ),
    ),
    edges,
  );
});

describe('the layout of a graph', () => {
  it('draws no line behind a box and overlaps no elements (F215)', () => {
    fc.assert(
      fc.property(drawings, ([layers, edges]) => {
        const layout = layOut(layers, edges, sizes);
        for (const { from, to, column, heights } of layout.routes) {
          heights.forEach((y, at) => {
            for (const cell of layout.columns[column + at] ?? []) {
              if (cell.lane || (at === 0 && cell.number === from)) continue;
              if (at === heights.length - 1 && cell.number === to) continue;
              assert.ok(Math.abs(cell.y - y) > sizes.box / 2, `the line ${from} → ${to} runs behind ${cell.number}`);
            }
          });
        }
        for (const cells of layout.columns) {
          cells.slice(1).forEach((cell, at) => {
            const above = cells[at];
            const room = cell.y - (above?.y ?? 0) - (sizeOf(cell) + sizeOf(above)) / 2;
            assert.ok(room >= sizes.gap - 1e-6, `${room} between two cells`);
          });
        }
      }),
    );
  });

  it('contains every task and every edge once, from box to box', () => {
    fc.assert(
      fc.property(drawings, ([layers, edges]) => {
        const layout = layOut(layers, edges, sizes);
        const drawn = [...layout.routes.map(({ from, to }) => [from, to]), ...layout.backwards];
        assert.deepEqual(new Set(drawn.map(String)), new Set(edges.map(String)));
        assert.equal(drawn.length, edges.length);
        for (const { from, to, column, heights } of layout.routes) {
          assert.equal(heights[0], heightOf(layout, column, from));
          assert.equal(heights.at(-1), heightOf(layout, column + heights.length - 1, to));
        }
        for (const { y } of layout.columns.flat()) assert.ok(y >= 0 && y <= layout.height);
        layers.forEach((layer, at) => {
          const numbers = (layout.columns[at] ?? []).flatMap((cell) => (cell.lane ? [] : [cell.number]));
          assert.deepEqual(numbers.sort(compare), [...layer].sort(compare));
        });
      }),
    );
  });

  it('truncates a long title in its box and keeps it in the tooltip', () => {
    for (const title of ['word '.repeat(30).trim(), '漢'.repeat(60), 'W'.repeat(150)]) {
      const svg = drawGraph([taskWith({ number: 1, title })], 'svg');
      assert.ok(svg.includes(`<title>#1 ${title}</title>`), title);
      assert.match(svg, /<text x="12" y="20">[^<]{15,50}…<\/text>/);
    }
    assert.doesNotMatch(drawGraph([taskWith({ number: 1, title: 'Fix the login test' })], 'svg'), /…/);
  });

  it('includes cycles and marks tasks that depend on a deleted one', () => {
    const [a, b] = [taskWith({ number: 1, title: 'A <&>' }), taskWith({ number: 2, title: 'B' })];
    const circle: TaskRecord[] = [
      { ...a, depends_on: [b.id] },
      { ...b, depends_on: [a.id, 'task_gone' as TaskRecord['id']] },
    ];
    const svg = drawGraph(circle, 'svg');
    assert.equal(svg.match(/marker-end/g)?.length, 2);
    assert.match(svg, /stroke-dasharray/);
    assert.match(svg, /A &#60;&#38;&#62;/);
    assert.match(svg, /pending, after task_gone \(deleted\)/);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  });
});

function heightOf(layout: Layout, column: number, number: number): number | undefined {
  return layout.columns[column]?.find((cell) => !cell.lane && cell.number === number)?.y;
}

function sizeOf(cell: { readonly lane: boolean } | undefined): number {
  return cell?.lane === true ? sizes.lane : sizes.box;
}

function compare(a: number, b: number): number {
  return a - b;
}
