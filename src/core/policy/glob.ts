/**
 * True when a path (with slashes, relative) is what a glob means: `?` and `*` within one part, `**` for any number of
 * parts. There is nothing else to it: no braces, no classes, no escapes. Takes no longer than the product of the lengths,
 * because globs and paths come from strangers.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const parts = glob.replace(/^\.\//, '').split('/');
  // A folder means all that is in it.
  if (parts.at(-1) === '') parts.splice(-1, 1, '**');
  return matchesSequence(parts, path.split('/'), (part) => part === '**', matchesPart);
}

function matchesPart(pattern: string, part: string): boolean {
  return matchesSequence(
    [...pattern],
    [...part],
    (char) => char === '*',
    (wanted, char) => wanted === '?' || wanted === char,
  );
}

/** Goes back to the last wildcard only: what an earlier one could take, a later one can take as well. */
function matchesSequence(
  pattern: readonly string[],
  items: readonly string[],
  isWild: (one: string) => boolean,
  same: (wanted: string, item: string) => boolean,
): boolean {
  let at = 0;
  let index = 0;
  let wild = -1;
  let taken = 0;
  while (index < items.length) {
    const wanted = pattern[at];
    const item = items[index] ?? '';
    if (wanted !== undefined && isWild(wanted)) {
      wild = at;
      taken = index;
      at += 1;
    } else if (wanted !== undefined && same(wanted, item)) {
      at += 1;
      index += 1;
    } else if (wild >= 0) {
      taken += 1;
      index = taken;
      at = wild + 1;
    } else return false;
  }
  return pattern.slice(at).every(isWild);
}
