import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { graphNodes } from '../../../src/core/graph/draw.ts';
import { taskGraph } from '../../../src/operations/graph/graph.ts';
import { drawPng } from '../../../src/operations/graph/png/draw-png.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskId, taskWith } from '../../core/fixtures.ts';
import { bench } from '../context.ts';

interface Decoded {
  readonly width: number;
  readonly height: number;
  /** The color of a pixel as `r,g,b`. */
  at(x: number, y: number): string;
}

/** Reads the parts of PNG that the product writes: 8 bits of a palette, without row filters. */
function decode(bytes: Buffer): Decoded {
  assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const header = chunks.get('IHDR') ?? assert.fail('no header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const palette = chunks.get('PLTE') ?? assert.fail('no palette');
  const rows = inflateSync(chunks.get('IDAT') ?? assert.fail('no pixels'));
  assert.equal(rows.length, height * (width + 1));
  return {
    width,
    height,
    at: (x, y) => {
      const index = rows[y * (width + 1) + x + 1] ?? 0;
      assert.ok(index * 3 < palette.length, `color ${index} is not in the palette`);
      return [...palette.subarray(index * 3, index * 3 + 3)].join();
    },
  };
}

/** Number of pixels of an area that are not white. */
function ink(image: Decoded, left: number, top: number, width: number, height: number): number {
  let count = 0;
  for (let y = top; y < top + height; y += 1) {
    for (let x = left; x < left + width; x += 1) if (image.at(x, y) !== '255,255,255') count += 1;
  }
  return count;
}

describe('the graph as PNG', () => {
  it('shows boxes with their titles and the lines between them (F215)', async (context) => {
    const on = await bench(context);
    await on.run(taskCreate, { title: 'Überprüfen, проверить' });
    await on.run(taskCreate, { title: 'B', dependsOn: [1] });
    const { format, graph, warning, tasks } = await on.run(taskGraph, { format: 'png' });
    assert.deepEqual([format, tasks, warning], ['png', 2, undefined]);
    const image = decode(Buffer.from(graph, 'base64'));
    // Two boxes of 260 × 48 with 90 between them and 20 around, at two pixels each.
    assert.deepEqual([image.width, image.height], [2 * (260 * 2 + 90 + 40), 2 * (48 + 40)]);
    assert.equal(ink(image, 0, 0, image.width, 38), 0, 'nothing is in the margin');
    const [first, second] = [ink(image, 44, 50, 400, 30), ink(image, 744, 50, 400, 30)];
    assert.ok(second > 100 && second < first / 3, `${first} and ${second} pixels of titles`);
    for (let x = 562; x < 718; x += 1) assert.ok(ink(image, x, 60, 1, 60) > 0, `the line has a gap at ${x}`);
  });

  it('draws letters that its font lacks as boxes, and reports their number', async (context) => {
    const on = await bench(context);
    await on.run(taskCreate, { title: '漢字 and é' });
    const { warning } = await on.run(taskGraph, { format: 'png' });
    assert.match(warning ?? '', /does not have 2 letters of these titles\. An SVG shows them\./);
  });

  it('draws an empty graph, and refuses one that no program would open', () => {
    const { width, height } = decode(drawPng([]).bytes);
    assert.ok(width > 0 && height > 0);
    const chain = Array.from({ length: 5_000 }, (_, n) =>
      taskWith({ id: taskId(`t${n}`), number: n + 1, depends_on: n === 0 ? [] : [taskId(`t${n - 1}`)] }),
    );
    assert.throws(() => drawPng(graphNodes(chain)), { code: 'TooLarge' });
  });

  it('halves its density rather than its content for a large graph', () => {
    const tasks = Array.from({ length: 1_500 }, (_, n) => taskWith({ id: taskId(`t${n}`), number: n + 1 }));
    const { width, height, at } = decode(drawPng(graphNodes(tasks)).bytes);
    assert.ok(width * height < 100_000_000);
    assert.notEqual(at(21, 40), '255,255,255', 'the first box has a left side');
  });
});
