import type { Camera, Size } from './camera.ts';
import type { Marked, Painter } from './painter.ts';
import { PanLayer } from './pan-layer.ts';
import type { SceneIndex } from './scene-index.ts';

interface Shown {
  readonly painter: Painter;
  readonly index: SceneIndex;
  readonly marked: Marked;
  /** Device pixels in one of CSS. */
  readonly density: number;
}

/** The picture of a scene on a canvas. */
export class ScenePicture {
  private readonly layer: PanLayer<CanvasRenderingContext2D>;
  private shown: Shown | undefined;

  constructor(context: CanvasRenderingContext2D) {
    this.layer = new PanLayer({
      surface: (size, old) => this.surface(size, old),
      draw: (on, camera, size) => {
        if (this.shown === undefined) return;
        const { painter, index, marked, density } = this.shown;
        painter.draw(on ?? context, index, camera, size, density, marked);
      },
      copy: ({ canvas }, x, y) => {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, context.canvas.width, context.canvas.height);
        context.drawImage(canvas, x, y);
      },
    });
  }

  draw(shown: Shown, camera: Camera, size: Size): void {
    this.shown = shown;
    const { painter, index, marked, density } = shown;
    this.layer.show([painter, index, marked.selected, marked.found], camera, size, density);
  }

  private surface(size: Size, old: CanvasRenderingContext2D | undefined): CanvasRenderingContext2D {
    const surface = old ?? document.createElement('canvas').getContext('2d');
    if (surface === null) throw new Error('The browser has no second canvas.');
    const density = this.shown?.density ?? 1;
    surface.canvas.width = Math.round(size.width * density);
    surface.canvas.height = Math.round(size.height * density);
    return surface;
  }
}
