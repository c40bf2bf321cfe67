type Point = readonly [x: number, y: number];

/** Shades of each color: 0 is the background, the last one the full color. */
const SHADES = 16;
const FULL = SHADES - 1;

/** Draws anti-aliased shapes on a white image. Colors are `#rrggbb`; at most 16 of them. */
export class Raster {
  readonly width: number;
  readonly height: number;
  /** The color in the upper four bits, its coverage in the lower four. */
  readonly pixels: Uint8Array;
  private readonly colors: string[] = [];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height);
  }

  /** Red, green and blue of each value of a pixel. */
  get palette(): [number, number, number][] {
    return this.colors.flatMap((color) =>
      Array.from({ length: SHADES }, (_, shade): [number, number, number] => {
        const mixed = (at: number): number => {
          const full = Number.parseInt(color.slice(at, at + 2), 16);
          return Math.round(255 + ((full - 255) * shade) / FULL);
        };
        return [mixed(1), mixed(3), mixed(5)];
      }),
    );
  }

  /** Covers a pixel, from 0 to 1. The more covering of two colors stays. */
  cover(x: number, y: number, color: string, coverage: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const shade = Math.round(Math.min(1, coverage) * FULL);
    const at = y * this.width + x;
    if (shade > ((this.pixels[at] ?? 0) & FULL)) this.pixels[at] = (this.indexOf(color) << 4) | shade;
  }

  clear(x: number, y: number, width: number, height: number): void {
    for (let row = y; row < y + height; row += 1) {
      this.pixels.fill(0, row * this.width + x, row * this.width + x + width);
    }
  }

  line([x1, y1]: Point, [x2, y2]: Point, thickness: number, color: string): void {
    const reach = thickness / 2 + 1;
    const [dx, dy] = [x2 - x1, y2 - y1];
    const square = dx * dx + dy * dy;
    this.each(
      Math.min(x1, x2) - reach,
      Math.min(y1, y2) - reach,
      Math.max(x1, x2) + reach,
      Math.max(y1, y2) + reach,
      (x, y) => {
        const share = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / square));
        const distance = Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
        return thickness / 2 + 0.5 - distance;
      },
      color,
    );
  }

  /** The outline of a rectangle with round corners, around the middle of the line. */
  frame(x: number, y: number, width: number, height: number, radius: number, thickness: number, color: string): void {
    const [halfX, halfY] = [width / 2, height / 2];
    const [middleX, middleY] = [x + halfX, y + halfY];
    const edge = Math.ceil(radius + thickness);
    const coverage = (px: number, py: number): number => {
      const dx = Math.max(0, Math.abs(px - middleX) - halfX + radius);
      const dy = Math.max(0, Math.abs(py - middleY) - halfY + radius);
      const inside = Math.min(0, Math.max(Math.abs(px - middleX) - halfX, Math.abs(py - middleY) - halfY) + radius);
      return thickness / 2 + 0.5 - Math.abs(Math.hypot(dx, dy) + inside - radius);
    };
    // Only the four sides: the middle has no line.
    for (const [left, top, right, bottom] of [
      [x - 1, y - 1, x + width + 1, y + edge],
      [x - 1, y + height - edge, x + width + 1, y + height + 1],
      [x - 1, y, x + edge, y + height],
      [x + width - edge, y, x + width + 1, y + height],
    ] as const) {
      this.each(left, top, right, bottom, coverage, color);
    }
  }

  /** Polygons by the even-odd rule. */
  polygons(polygons: readonly (readonly Point[])[], color: string): void {
    const points = polygons.flat();
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const samples = [-0.375, -0.125, 0.125, 0.375];
    const coverage = (x: number, y: number): number => {
      let inside = 0;
      for (const dy of samples) for (const dx of samples) if (isInside(polygons, x + dx, y + dy)) inside += 1;
      return inside / samples.length ** 2;
    };
    this.each(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), coverage, color);
  }

  /** Covers the pixels of an area, by the coverage at the middle of each. */
  private each(
    left: number,
    top: number,
    right: number,
    bottom: number,
    coverage: (x: number, y: number) => number,
    color: string,
  ): void {
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(this.height, bottom); y += 1) {
      for (let x = Math.max(0, Math.floor(left)); x < Math.min(this.width, right); x += 1) {
        const value = coverage(x + 0.5, y + 0.5);
        if (value > 0) this.cover(x, y, color, value);
      }
    }
  }

  private indexOf(color: string): number {
    const at = this.colors.indexOf(color);
    return at >= 0 ? at : this.colors.push(color) - 1;
  }
}

function isInside(polygons: readonly (readonly Point[])[], x: number, y: number): boolean {
  let inside = false;
  for (const points of polygons) {
    points.forEach(([x1, y1], at) => {
      const [x2, y2] = points[(at + 1) % points.length] ?? [x1, y1];
      if (y1 > y !== y2 > y && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1)) inside = !inside;
    });
  }
  return inside;
}
