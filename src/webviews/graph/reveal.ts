import { fitted, revealed, type Size, zoomed } from './camera.ts';
import { camera, index, moveCamera } from './state.ts';

const ZOOM = 1.3;

function canvasSize(): Size | undefined {
  const canvas = document.querySelector('canvas');
  return canvas === null ? undefined : { width: canvas.clientWidth, height: canvas.clientHeight };
}

/** Moves the picture so that a node is in sight. */
export function reveal(number: number): void {
  const [scene, at, size] = [index.peek(), camera.peek(), canvasSize()];
  const node = scene?.byNumber.get(number);
  if (scene === undefined || node === undefined || at === null || size === undefined) return;
  const { boxWidth: width, boxHeight: height } = scene.scene;
  moveCamera(revealed(at, { x: node.x, y: node.y, width, height }, size));
}

/** Shows the whole picture. */
export function fitAll(): void {
  const [scene, size] = [index.peek(), canvasSize()];
  if (scene !== undefined && size !== undefined) moveCamera(fitted(scene.scene, size));
}

export function zoom(direction: 'in' | 'out'): void {
  const [at, size] = [camera.peek(), canvasSize()];
  if (at === null || size === undefined) return;
  moveCamera(zoomed(at, direction === 'in' ? ZOOM : 1 / ZOOM, size.width / 2, size.height / 2));
}

/** Moves the picture by a part of the canvas. */
export function pan(x: number, y: number): void {
  const [at, size] = [camera.peek(), canvasSize()];
  if (at !== null && size !== undefined) moveCamera({ ...at, x: at.x - x * size.width, y: at.y - y * size.height });
}
