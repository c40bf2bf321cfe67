/** The position in the change log that the writer of an entry had seen, as one growing number. */
interface Stamp {
  readonly seen: number;
  /** The entry reports the change at this position; it was written after the change. */
  readonly change: boolean;
  /** ISO 8601 UTC. */
  readonly timestamp: string;
}

/** The stamp of a line; undefined for lines of older versions and of other programs. */
export type Stamped = Stamp | undefined;

const SEGMENT = 2 ** 32;
/** A line is delayed by one write at most, which is fewer lines than this. */
export const LATE_LINES = 256;
/** Positions of a store that was reset start over, so a line never moves across older lines. */
const LATE_MS = 10_000;

/** @returns undefined for a position that is no exact number */
export function seenOf({ gen, after }: { readonly gen: number; readonly after: number }): number | undefined {
  const seen = gen * SEGMENT + after;
  return Number.isSafeInteger(seen) && after < SEGMENT ? seen : undefined;
}

/*
 * Causal order. A process writes its entries before it changes data that other processes can see, with one exception:
 * the entry that reports a change is written after the change. Another process that has seen the change may be faster.
 * So an entry of a change belongs in front of every entry whose writer had read beyond the change, and all other
 * entries keep their place.
 */

/** For each line, the index of the line that it belongs in front of: its own unless it is late. */
export function placesOf(lines: readonly Stamped[]): number[] {
  const places: number[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, line] of lines.entries()) {
    places.push(line?.change === true && most > line.seen ? placeOf(lines, index, line) : index);
    if (line !== undefined && line.seen > most) most = line.seen;
  }
  return places;
}

function placeOf(lines: readonly Stamped[], index: number, late: Stamp): number {
  const oldest = Date.parse(late.timestamp) - LATE_MS;
  for (let at = Math.max(0, index - LATE_LINES); at < index; at += 1) {
    const line = lines[at];
    if (line !== undefined && line.seen > late.seen && Date.parse(line.timestamp) >= oldest) return at;
  }
  return index;
}

/** Indices of lines in causal order. */
export function causalOrder(places: readonly number[], lines: readonly Stamped[]): number[] {
  const seen = (index: number): number => lines[index]?.seen ?? 0;
  return places
    .map((_, index) => index)
    .sort((a, b) => {
      const [placeA, placeB] = [places[a] ?? a, places[b] ?? b];
      if (placeA !== placeB) return placeA - placeB;
      // Late lines stand before the line that they share a place with.
      if (placeA === a || placeB === b) return placeA === a ? 1 : -1;
      return seen(a) - seen(b) || a - b;
    });
}

/**
 * The last position up to `end` at which a page can end without separating a late line from its place; 0 without one.
 */
export function cleanEnd(places: readonly number[], end: number): number {
  let cut = end;
  for (let index = places.length - 1; index >= cut; index -= 1) cut = Math.min(cut, places[index] ?? index);
  return cut;
}

/** The first position from `start` on at which a page can start in the same way; the number of lines without one. */
export function cleanStart(places: readonly number[], start: number): number {
  let cut = start;
  for (let index = start; index < places.length; index += 1) if ((places[index] ?? index) < cut) cut = index + 1;
  return cut;
}
