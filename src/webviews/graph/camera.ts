/** Position of the picture: its point `p` is at `x + scale * p` on the canvas. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const MIN_SCALE = 0.02;
export const MAX_SCALE = 3;
const MARGIN = 8;

/** The whole picture in the middle of the canvas, never enlarged. */
export function fitted(picture: Size, canvas: Size): Camera {
  const room = Math.min((canvas.width - 2 * MARGIN) / picture.width, (canvas.height - 2 * MARGIN) / picture.height);
  const scale = Math.max(MIN_SCALE, Math.min(1, room));
  return {
    scale,
    x: (canvas.width - picture.width * scale) / 2,
    y: (canvas.height - picture.height * scale) / 2,
  };
}

/** Zooms by a factor and keeps the point at `x`, `y` of the canvas in its place. */
export function zoomed(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, camera.scale * factor));
  const ratio = scale / camera.scale;
  return { scale, x: x - (x - camera.x) * ratio, y: y - (y - camera.y) * ratio };
}

/** Moves as little as possible so that an area of the picture is on the canvas, large enough to be read. */
export function revealed(
  camera: Camera,
  area: Size & { readonly x: number; readonly y: number },
  canvas: Size,
): Camera {
  const scale = Math.max(camera.scale, 0.6);
  const near =
    scale === camera.scale ? camera : zoomed(camera, scale / camera.scale, canvas.width / 2, canvas.height / 2);
  const shift = (from: number, length: number, room: number): number => {
    if (from < MARGIN) return MARGIN - from;
    return from + length > room - MARGIN ? Math.max(MARGIN - from, room - MARGIN - from - length) : 0;
  };
  const [left, top] = [near.x + area.x * scale, near.y + area.y * scale];
  return {
    scale,
    x: near.x + shift(left, area.width * scale, canvas.width),
    y: near.y + shift(top, area.height * scale, canvas.height),
  };
}
