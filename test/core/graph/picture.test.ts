import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { marks } from '../../../src/core/graph/marks.ts';
import { type PictureNode, type PictureSizes, pictureOf } from '../../../src/core/graph/picture.ts';

const sizes: PictureSizes = { width: 100, height: 40, gapX: 60, gapY: 10, margin: 20 };

/** Up to 25 nodes that wait for any others, themselves and missing ones included. */
const graphs = fc
  .integer({ min: 0, max: 25 })
  .chain((count) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, at) =>
        fc
          .array(fc.integer({ min: 1, max: count + 2 }), { maxLength: 3 })
          .map((after): PictureNode => ({ number: at + 1, after })),
      ),
    ),
  );

describe('the picture of a graph', () => {
  it('contains each node and each line once, and its boxes do not overlap', () => {
    fc.assert(
      fc.property(graphs, (nodes: PictureNode[]) => {
        const { width, height, boxes, lines } = pictureOf(nodes, sizes);
        assert.deepEqual(new Set(boxes.map(({ node }) => node)), new Set(nodes));
        assert.equal(boxes.length, nodes.length);
        const known = new Set(nodes.map(({ number }) => number));
        const wanted = nodes.flatMap(({ number, after }) =>
          [...new Set(after)].filter((from) => known.has(from)).map((from) => `${from} ${number}`),
        );
        assert.deepEqual(lines.map(({ from, to }) => `${from} ${to}`).sort(), wanted.sort());
        boxes.forEach(({ x, y }, at) => {
          assert.ok(x >= 0 && y >= 0 && x + sizes.width <= width && y + sizes.height <= height);
          for (const other of boxes.slice(at + 1)) {
            const apart = Math.abs(x - other.x) >= sizes.width || Math.abs(y - other.y) >= sizes.height;
            assert.ok(apart, `${at} overlaps ${other.node.number}`);
          }
        });
        for (const { start, steps } of lines) {
          for (const [x, y] of [start, ...steps.map((step) => step.slice(-2) as [number, number])]) {
            assert.ok(x >= 0 && y >= 0 && x <= width && y <= height, `${x}, ${y} is outside`);
          }
        }
      }),
    );
  });

  it('packs many small parts into an area that a screen can show', () => {
    const nodes = Array.from({ length: 600 }, (_, at) => ({ number: at + 1, after: at % 3 === 0 ? [] : [at] }));
    const { width, height } = pictureOf(nodes, sizes);
    assert.ok(width / height > 0.8 && width / height < 3, `${width} × ${height}`);
  });

  it('draws long lines straight when lanes would be too many', () => {
    const nodes = Array.from({ length: 600 }, (_, at) => ({
      number: at + 1,
      after: Array.from({ length: Math.ceil(at / 10) }, (_, n) => n * 10 + 1).concat(at === 0 ? [] : [at]),
    }));
    const { lines } = pictureOf(nodes, sizes);
    assert.ok(lines.some(({ steps }) => steps.length === 1));
    assert.ok(lines.reduce((sum, { steps }) => sum + steps.length, 0) < 100_000);
  });
});

it('gives each standing its own mark', () => {
  const looks = Object.values(marks).map((mark) => JSON.stringify(mark.polygons) + mark.color);
  assert.equal(new Set(looks).size, looks.length);
});
