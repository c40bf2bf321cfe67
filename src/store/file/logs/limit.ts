import { join } from 'node:path';
import { type FileSystem, removeIfThere } from '../disk/file-system.ts';
import { logFile, logFolder } from './layout.ts';
import { endedParts, partNames } from './parts.ts';

/** Share of its limit that a log may have after old lines were dropped, so that this happens seldom. */
const KEPT = 0.9;
/** Texts that are too long for a line (see `long.ts`). */
const TEXT = /^[0-9a-f-]{36}\.(txt|json)$/;

interface Piece {
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds since 1970 at which it was complete. */
  readonly at: number;
}

/**
 * Drops the oldest pieces of a log above its limit on disk. The live file always stays.
 *
 * @param announce logs the number of bytes before they are dropped
 * @returns the freed bytes
 */
export async function dropOver(
  fs: FileSystem,
  root: string,
  id: string,
  maxBytes: number,
  announce: (bytes: number) => Promise<void>,
): Promise<number> {
  const pieces = await piecesOf(fs, root, id);
  const live = fs.lookSync(logFile(root, id))?.size ?? 0;
  let bytes = pieces.reduce((sum, piece) => sum + piece.bytes, live);
  if (bytes <= maxBytes) return 0;
  const dropped: Piece[] = [];
  for (const piece of pieces.sort((a, b) => a.at - b.at)) {
    if (bytes <= maxBytes * KEPT) break;
    dropped.push(piece);
    bytes -= piece.bytes;
  }
  const freed = dropped.reduce((sum, piece) => sum + piece.bytes, 0);
  if (freed === 0) return 0;
  await announce(freed);
  for (const { file } of dropped) await removeIfThere(fs, file);
  return freed;
}

async function piecesOf(fs: FileSystem, root: string, id: string): Promise<Piece[]> {
  const folder = logFolder(root, id);
  const texts = (await partNames(fs, root, id)).filter((name) => TEXT.test(name)).map((name) => join(folder, name));
  const pieces = texts.flatMap((file) => pieceOf(fs, file) ?? []);
  // A compressed file is younger than its lines, but no part is younger than the one after it.
  let next = Number.POSITIVE_INFINITY;
  for (const part of (await endedParts(fs, root, id)).filter(({ ending }) => !ending).toReversed()) {
    const piece = pieceOf(fs, part.file);
    if (piece === undefined) continue;
    next = Math.min(next, piece.at);
    pieces.push({ ...piece, at: next });
  }
  // Of pieces with the same time, the older part comes first: sorting is stable.
  return pieces.reverse();
}

function pieceOf(fs: FileSystem, file: string): Piece | undefined {
  const look = fs.lookSync(file);
  return look === undefined ? undefined : { file, bytes: look.size, at: look.mtimeMs };
}
