/** The rows of a long list that are drawn, and the height in pixels of those that are left out around them. */
export interface VirtualWindow {
  readonly first: number;
  /** One past the last row that is drawn. */
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

interface Viewport {
  readonly count: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly height: number;
}

const OVERSCAN = 20;

/** The rows of equal height to draw: the visible ones, and some around them so that scrolling shows no gap. */
export function virtualWindow({ count, rowHeight, scrollTop, height }: Viewport): VirtualWindow {
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const first = Math.max(0, Math.min(top - OVERSCAN, count));
  const end = Math.max(first, Math.min(count, top + Math.ceil(height / rowHeight) + OVERSCAN));
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}
