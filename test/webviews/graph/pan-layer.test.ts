import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Camera, Size } from '../../../src/webviews/graph/camera.ts';
import { PanLayer } from '../../../src/webviews/graph/pan-layer.ts';

const size: Size = { width: 400, height: 200 };
const start: Camera = { x: 10, y: 20, scale: 0.5 };

let drawn: { readonly on: string | undefined; readonly camera: Camera; readonly size: Size }[];
let copies: [number, number][];
let layer: PanLayer<string>;
let content: unknown[];

const show = (camera: Camera): void => layer.show(content, camera, size, 2);

beforeEach(() => {
  [drawn, copies, content] = [[], [], [{}]];
  layer = new PanLayer({
    surface: ({ width, height }) => `${width} × ${height}`,
    draw: (on, camera, room) => void drawn.push({ on, camera, size: room }),
    copy: (_, x, y) => void copies.push([x, y]),
  });
});

test('a pan draws the scene once with its surroundings and copies it from then on', () => {
  show(start);
  assert.deepEqual(drawn, [{ on: undefined, camera: start, size }]);
  for (let step = 1; step <= 40; step += 1) show({ ...start, x: start.x + step, y: start.y - step / 2 });
  assert.equal(drawn.length, 2);
  // Around the second frame: a quarter of the page more on each side.
  const around = { width: 600, height: 300 };
  assert.deepEqual(drawn[1], { on: '600 × 300', camera: { scale: 0.5, x: 11 + 100, y: 19.5 + 50 }, size: around });
  assert.equal(copies.length, 40);
  // In device pixels: two of them are one of the page.
  assert.deepEqual(copies[0], [-200, -100]);
  assert.deepEqual(copies.at(-1), [-200 + 2 * 39, -100 - 39]);
});

test('the surroundings are drawn again at their end', () => {
  show(start);
  for (const x of [11, 111, 112]) show({ ...start, x });
  assert.deepEqual(
    drawn.map(({ camera }) => camera.x),
    [10, 111, 212],
  );
});

test('another scale or content is drawn directly', () => {
  show(start);
  show(start);
  show({ ...start, scale: 0.6 });
  show({ ...start, scale: 0.7 });
  content = [{}];
  show({ ...start, scale: 0.7 });
  assert.deepEqual(
    drawn.map(({ on }) => on),
    [undefined, '600 × 300', undefined, undefined, undefined],
  );
});
