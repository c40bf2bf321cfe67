import { brotliDecompressSync } from 'node:zlib';
import { fontData, fontRanges } from './font-data.ts';
import type { Raster } from './raster.ts';

/** Height of the font in the pixels of its glyphs. */
export const FONT_SIZE = 24;
/** Baseline in the pixels of a glyph's cell. */
const BASELINE = 30;
/** Added to the left edge of a glyph, which may be negative. */
const LEFT = 16;
/** Coverage of a pixel takes two bits. */
const LEVELS = 3;

interface Glyph {
  readonly advance: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Coverage from 0 to 3 of each pixel, row by row. */
  readonly levels: Uint8Array;
}

/** Letters that the font does not have are drawn as an empty box. */
const missing: Glyph = (() => {
  const [width, height] = [11, 17];
  const levels = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return x < 2 || x >= width - 2 || y < 2 || y >= height - 2 ? LEVELS : 0;
  });
  return { advance: 15, left: 2, top: BASELINE - height, width, height, levels };
})();

let glyphs: ReadonlyMap<number, Glyph> | undefined;

/** Width of a text in the pixels of the font. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of lettersOf(text)) width += glyphOf(letter).advance;
  return width;
}

/** Number of letters that are drawn as an empty box. */
export function missingLetters(text: string): number {
  return lettersOf(text).filter((letter) => glyphOf(letter) === missing).length;
}

/** Draws a text with its baseline at `y`. `scale` is 1, or 0.5 for half the size. */
export function drawText(raster: Raster, text: string, x: number, y: number, scale: 1 | 0.5, color: string): void {
  let left = x;
  for (const letter of lettersOf(text)) {
    const glyph = glyphOf(letter);
    drawGlyph(raster, glyph, left, y, scale, color);
    left += glyph.advance * scale;
  }
}

function drawGlyph(raster: Raster, glyph: Glyph, x: number, y: number, scale: 1 | 0.5, color: string): void {
  const [fromX, fromY] = [Math.round(x + glyph.left * scale), Math.round(y + (glyph.top - BASELINE) * scale)];
  const size = 1 / scale;
  for (let row = 0; row < glyph.height; row += size) {
    for (let column = 0; column < glyph.width; column += size) {
      let sum = 0;
      for (let dy = 0; dy < size && row + dy < glyph.height; dy += 1) {
        for (let dx = 0; dx < size && column + dx < glyph.width; dx += 1) {
          sum += glyph.levels[(row + dy) * glyph.width + column + dx] ?? 0;
        }
      }
      if (sum > 0) raster.cover(fromX + column * scale, fromY + row * scale, color, sum / LEVELS / size ** 2);
    }
  }
}

/** Code points, letters composed with their accents, without marks that the font has no place for. */
function lettersOf(text: string): number[] {
  return Array.from(text.normalize('NFC').replace(/\p{Mn}|\p{Cf}/gu, ''), (letter) => letter.codePointAt(0) ?? 0);
}

function glyphOf(letter: number): Glyph {
  glyphs ??= readFont();
  return glyphs.get(letter) ?? missing;
}

/** A glyph: advance, left, top, width, height, and two bits for each pixel. */
function readFont(): Map<number, Glyph> {
  const bytes = brotliDecompressSync(Buffer.from(fontData.join(''), 'base64'));
  const found = new Map<number, Glyph>();
  let at = 0;
  for (const [first, last] of fontRanges) {
    for (let letter = first; letter <= last; letter += 1) {
      const [advance = 0, left = 0, top = 0, width = 0, height = 0] = bytes.subarray(at, at + 5);
      at += 5;
      const start = at;
      const levels = Uint8Array.from(
        { length: width * height },
        (_, pixel) => ((bytes[start + (pixel >> 2)] ?? 0) >> (6 - 2 * (pixel & 3))) & LEVELS,
      );
      at += Math.ceil(levels.length / 4);
      found.set(letter, { advance, left: left === 0 ? 0 : left - LEFT, top, width, height, levels });
    }
  }
  return found;
}
