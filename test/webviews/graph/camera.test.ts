import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Camera, fitted, MAX_SCALE, MIN_SCALE, revealed, zoomed } from '../../../src/webviews/graph/camera.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const cameras = fc.record({ x: number(-5e4, 5e4), y: number(-5e4, 5e4), scale: number(MIN_SCALE, MAX_SCALE) });
const sizes = fc.record({ width: number(100, 2_000), height: number(100, 2_000) });

test('zooming keeps the point under the pointer in its place', () => {
  fc.assert(
    fc.property(cameras, number(0.1, 10), number(0, 900), number(0, 900), (camera: Camera, factor, x, y) => {
      const next = zoomed(camera, factor, x, y);
      assert.ok(next.scale >= MIN_SCALE && next.scale <= MAX_SCALE);
      const before = (x - camera.x) / camera.scale;
      assert.ok(Math.abs(next.x + before * next.scale - x) < 1e-6 * (1 + Math.abs(before)));
    }),
  );
});

test('a fitted picture is complete, in the middle, and never enlarged', () => {
  fc.assert(
    fc.property(sizes, sizes, (picture, canvas) => {
      const { x, scale } = fitted(picture, canvas);
      assert.ok(scale <= 1);
      assert.ok(Math.abs(2 * x + picture.width * scale - canvas.width) < 1e-6);
      assert.ok(picture.width * scale <= canvas.width && picture.height * scale <= canvas.height);
    }),
  );
});

test('a revealed node is on the canvas, at a scale at which its text can be read', () => {
  const canvas = { width: 600, height: 400 };
  fc.assert(
    fc.property(cameras, number(0, 9_000), number(0, 9_000), (camera, x, y) => {
      const next = revealed({ ...camera, scale: Math.min(1, camera.scale) }, { x, y, width: 210, height: 44 }, canvas);
      const [left, top] = [next.x + x * next.scale, next.y + y * next.scale];
      assert.ok(next.scale >= 0.6);
      assert.ok(left >= -1e-6 && left + 210 * next.scale <= canvas.width + 1e-6);
      assert.ok(top >= -1e-6 && top + 44 * next.scale <= canvas.height + 1e-6);
    }),
  );
});
