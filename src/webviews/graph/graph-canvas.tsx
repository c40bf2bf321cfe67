import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { fill } from '../kit/format.ts';
import { themeVersion } from '../kit/theme.ts';
import { type Camera, fitted, zoomed } from './camera.ts';
import { type Drag, dropped, isClick, startOf } from './drag.ts';
import { Painter } from './painter.ts';
import type { GraphWords } from './protocol.ts';
import { ScenePicture } from './scene-picture.ts';
import { camera, found, hold, index, moveCamera, open, release, selected, spoken } from './state.ts';

interface GraphCanvasProps {
  readonly words: GraphWords;
}

const ZOOM_STEP = 1.0015;

/** The picture: drag to pan, wheel to zoom, click to select, double-click to open. The tree beside it has its content. */
export function GraphCanvas({ words }: GraphCanvasProps): JSX.Element {
  const place = useRef<HTMLCanvasElement>(null);
  const drag = useRef<Drag | undefined>(undefined);
  const frame = useRef(0);
  const painter = useRef<{ readonly theme: number; readonly painter: Painter } | undefined>(undefined);
  const picture = useRef<ScenePicture | undefined>(undefined);

  const paint = (): void => {
    frame.current = 0;
    const canvas = place.current;
    const scene = index.peek();
    const context = canvas?.getContext('2d');
    if (canvas === null || scene === undefined || context === null || context === undefined) return;
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    if (size.width === 0 || size.height === 0) return;
    const density = devicePixelRatio;
    const [width, height] = [Math.round(size.width * density), Math.round(size.height * density)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const at = camera.peek() ?? fitted(scene.scene, size);
    if (camera.peek() === null) camera.value = at;
    const theme = themeVersion.peek();
    if (painter.current?.theme !== theme) painter.current = { theme, painter: new Painter(words) };
    const line = drag.current?.kind === 'line' ? drag.current : undefined;
    const { painter: brush } = painter.current;
    const marked = { selected: selected.peek(), found: found.peek() };
    picture.current ??= new ScenePicture(context);
    picture.current.draw({ painter: brush, index: scene, marked, density }, at, size);
    if (line !== undefined) {
      const dragged = { from: line.from, to: line.to, allowed: line.refused === undefined };
      brush.drawDrag(context, dragged, at, density);
    }
  };
  const repaint = (): void => {
    if (frame.current === 0) frame.current = requestAnimationFrame(paint);
  };

  useSignalEffect(() => {
    void [index.value, camera.value, selected.value, found.value, themeVersion.value];
    repaint();
  });
  useEffect(() => {
    const canvas = place.current;
    if (canvas === null) return undefined;
    const resized = new ResizeObserver(repaint);
    resized.observe(canvas);
    // A passive listener could not keep the page from scrolling.
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const at = camera.peek();
      if (at === null) return;
      moveCamera(
        event.ctrlKey || event.metaKey || !event.shiftKey
          ? zoomed(at, ZOOM_STEP ** -event.deltaY, event.offsetX, event.offsetY)
          : { ...at, x: at.x - event.deltaY, y: at.y - event.deltaX },
      );
    };
    canvas.addEventListener('wheel', wheel, { passive: false });
    return () => {
      resized.disconnect();
      canvas.removeEventListener('wheel', wheel);
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, []);

  const pointOf = (event: { readonly offsetX: number; readonly offsetY: number }, at: Camera): [number, number] => [
    (event.offsetX - at.x) / at.scale,
    (event.offsetY - at.y) / at.scale,
  ];
  const down = (event: PointerEvent): void => {
    const [scene, at] = [index.peek(), camera.peek()];
    if (scene === undefined || at === null || event.button !== 0) return;
    place.current?.setPointerCapture(event.pointerId);
    hold();
    drag.current = startOf(scene, pointOf(event, at), [event.offsetX, event.offsetY]);
    if (drag.current.kind === 'line') {
      const { kept } = drag.current;
      spoken.value = kept === undefined ? fill(words.dropToAdd, drag.current.label) : words.dropToRemove;
    }
  };
  const move = (event: PointerEvent): void => {
    const [scene, at, current] = [index.peek(), camera.peek(), drag.current];
    const canvas = place.current;
    if (scene === undefined || at === null || canvas === null) return;
    if (current === undefined) {
      const kind = scene.at(...pointOf(event, at))?.kind;
      canvas.dataset.at = kind ?? 'space';
      return;
    }
    if (current.kind === 'line') {
      const to = pointOf(event, at);
      const over = scene.at(...to);
      const target = over?.kind === 'node' || over?.kind === 'edge' ? over.node : undefined;
      const closes =
        target !== undefined && (target.number === current.number || scene.leads(target.number, current.number));
      drag.current = { ...current, to, target, refused: closes ? words.wouldCycle : undefined };
      canvas.dataset.at = closes ? 'refused' : 'line';
      repaint();
      return;
    }
    const [dx, dy] = [event.offsetX - current.last[0], event.offsetY - current.last[1]];
    drag.current = {
      ...current,
      last: [event.offsetX, event.offsetY],
      moved: current.moved + Math.abs(dx) + Math.abs(dy),
    };
    if (drag.current.moved > 3) moveCamera({ ...at, x: at.x + dx, y: at.y + dy });
  };
  const up = (): void => {
    const current = drag.current;
    drag.current = undefined;
    if (current === undefined) return;
    if (current.kind === 'line' && !isClick(current)) dropped(current);
    else if (current.kind === 'line' || current.moved <= 3) selected.value = current.number;
    release();
    repaint();
  };
  return (
    <canvas
      ref={place}
      role="img"
      aria-label={words.canvas}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        drag.current = undefined;
        release();
        repaint();
      }}
      onDblClick={(event) => {
        const [scene, at] = [index.peek(), camera.peek()];
        const hit = at === null ? undefined : scene?.at(...pointOf(event, at));
        if (hit?.kind === 'node' || hit?.kind === 'edge') open(hit.node.number);
      }}
    />
  );
}
