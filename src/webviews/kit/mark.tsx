import type { JSX } from 'preact';
import type { MarkShapes } from './mark-schema.ts';

/** The shape of a standing in its color. Decorative: the standing is beside it in words. */
export function Mark({ shapes, mark }: { readonly shapes: MarkShapes; readonly mark: string }): JSX.Element {
  const { polygons = [] } = shapes.find((each) => each.mark === mark) ?? {};
  return (
    <svg viewBox="0 0 12 12" class={`mark ${mark}`} aria-hidden="true">
      <path d={polygons.map((points) => `M${points.map((point) => point.join(' ')).join('L')}Z`).join('')} />
    </svg>
  );
}
