import type { Camera, Size } from './camera.ts';

/** Draws on canvases of a kind. Positions of a copy are in device pixels. */
export interface Drawing<Surface> {
  /** An empty surface of a size in CSS pixels; `old` may be used again. */
  readonly surface: (size: Size, old: Surface | undefined) => Surface;
  /** Draws the scene of a camera; on the page without a surface. */
  readonly draw: (on: Surface | undefined, camera: Camera, size: Size) => void;
  /** Puts the pixels of a surface on the page. */
  readonly copy: (from: Surface, x: number, y: number) => void;
}

/** The scene, drawn by a margin beyond each edge of the page. */
interface Drawn<Surface> {
  readonly surface: Surface;
  readonly camera: Camera;
  readonly margin: Size;
}

/** Of the page, drawn beyond each of its edges. */
const MARGIN = 0.25;

/**
 * Keeps the scene around the page as pixels while a person pans: a frame then copies them instead of drawing thousands of
 * boxes and lines. The first frame of a content or a scale is drawn directly, because another scale may follow at once.
 */
export class PanLayer<Surface> {
  private content: readonly unknown[] = [];
  private drawn: Drawn<Surface> | undefined;
  private readonly drawing: Drawing<Surface>;

  constructor(drawing: Drawing<Surface>) {
    this.drawing = drawing;
  }

  /**
   * @param content decides, with scale, size and density, whether the kept pixels still show the scene
   * @param density device pixels in one of CSS
   */
  show(content: readonly unknown[], camera: Camera, size: Size, density: number): void {
    const now = [...content, camera.scale, size.width, size.height, density];
    const same = now.length === this.content.length && now.every((value, index) => value === this.content[index]);
    this.content = now;
    if (!same) {
      this.drawn = undefined;
      this.drawing.draw(undefined, camera, size);
      return;
    }
    if (this.drawn === undefined || !isAround(this.drawn, camera)) this.drawn = this.around(camera, size);
    const { surface, camera: at, margin } = this.drawn;
    // At whole pixels, so that the copy stays sharp.
    const x = Math.round((camera.x - at.x - margin.width) * density);
    this.drawing.copy(surface, x, Math.round((camera.y - at.y - margin.height) * density));
  }

  private around(camera: Camera, size: Size): Drawn<Surface> {
    const margin = { width: Math.round(size.width * MARGIN), height: Math.round(size.height * MARGIN) };
    const whole = { width: size.width + 2 * margin.width, height: size.height + 2 * margin.height };
    const surface = this.drawing.surface(whole, this.drawn?.surface);
    this.drawing.draw(surface, { ...camera, x: camera.x + margin.width, y: camera.y + margin.height }, whole);
    return { surface, camera, margin };
  }
}

function isAround({ camera, margin }: Drawn<unknown>, { x, y }: Camera): boolean {
  return Math.abs(x - camera.x) <= margin.width && Math.abs(y - camera.y) <= margin.height;
}
