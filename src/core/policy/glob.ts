/**
 * True if a path (relative, with slashes) matches a glob: `?` and `*` within one part, `**` for any number of parts.
 * Braces, classes and escapes are not supported. The time is bounded by the product of the lengths, because globs and
 * paths are untrusted.
 */
export function matchesGlob(glob: string, path: string): boolean {
  return matchesParts(partsOf(glob), path.split('/'));
}

/** True when a glob means everything that is or could come to be in a folder, at any depth; '' is the root. */
export function coversFolder(glob: string, folder: string): boolean {
  const base = folder === '' ? [] : folder.split('/');
  const parts = partsOf(glob);
  // A glob that matches a short name and a name longer than the glob, both of a character outside the glob, matches
  // every name.
  const names = ['\0', '\0'.repeat(glob.length + 1)];
  const depths = [...parts, ''].map((_, depth) => depth + 1);
  return names.every((name) =>
    depths.every((depth) => matchesParts(parts, [...base, ...new Array<string>(depth).fill(name)])),
  );
}

/** True when a glob could mean something in a folder, at any depth; '' is the root. */
export function reachesInto(glob: string, folder: string): boolean {
  const parts = partsOf(glob);
  const base = folder === '' ? [] : folder.split('/');
  return parts.some(
    (part, at) =>
      matchesParts(parts.slice(0, at), base) || (part === '**' && matchesParts(parts.slice(0, at + 1), base)),
  );
}

function partsOf(glob: string): string[] {
  const parts = glob.replace(/^\.\//, '').split('/');
  // A folder means all that is in it.
  if (parts.at(-1) === '') parts.splice(-1, 1, '**');
  return parts;
}

function matchesParts(parts: readonly string[], path: readonly string[]): boolean {
  return matchesSequence(parts, path, (part) => part === '**', matchesPart);
}

function matchesPart(pattern: string, part: string): boolean {
  return matchesSequence(
    [...pattern],
    [...part],
    (char) => char === '*',
    (wanted, char) => wanted === '?' || wanted === char,
  );
}

/** Backtracks to the last wildcard only: a later wildcard can match everything that an earlier one could. */
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
