import { crc32, deflateSync } from 'node:zlib';

/** An image of palette indexes, row by row. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  /** Red, green and blue of each index. */
  readonly palette: readonly (readonly [number, number, number])[];
  /** Pixels per metre: a picture for dense screens has more. */
  readonly density: number;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOR_TYPE_PALETTE = 3;
const UNIT_METRE = 1;

/** Encodes an image as PNG (ISO/IEC 15948) with a palette. */
export function encodePng({ width, height, pixels, palette, density }: Image): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOR_TYPE_PALETTE, 0, 0, 0], 8);
  const physical = Buffer.alloc(9);
  physical.writeUInt32BE(density, 0);
  physical.writeUInt32BE(density, 4);
  physical[8] = UNIT_METRE;
  // Each row starts with the number of its filter: 0, none.
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('pHYs', physical),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  bytes.set(body, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}
