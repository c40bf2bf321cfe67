import type { Query } from './database.ts';

/** Lines of the journal after a position, and what the head of the store says. */
export interface Page {
  /** The position after the last line of the journal. */
  readonly end: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The first generation that the snapshot does not contain. */
  readonly generation: number;
  /** The position at which that generation begins. */
  readonly snapshot: number;
  /** False if the journal has other lines than the caller knows, or no longer has all lines after them. */
  readonly known: boolean;
  readonly lines: string | null;
}

/** Characters of a line that no other line begins with: its `tx` or `token` is within them. */
const BEGINNING = 80;

/**
 * Reads one page. @param known the beginning of the line before `after`; empty before the first one
 *
 * @returns undefined if the store was removed
 */
export async function readPage(query: Query, store: number, after: number, known: string): Promise<Page | undefined> {
  const [page] = await query<Page>(
    `select o_end as end, o_now as now, o_generation as generation, o_snapshot as snapshot, o_known as known,
       o_lines as lines from systemprompt.read_lines($1, $2, $3)`,
    [store, after, known],
  );
  return page;
}

export function linesOf(text: string | null): string[] {
  return text === null ? [] : text.split('\n');
}

/** Never half of a pair of surrogates, which no encoding has. */
export function beginningOf(line: string): string {
  return line.slice(0, BEGINNING).replace(/[\ud800-\udbff]$/, '');
}
