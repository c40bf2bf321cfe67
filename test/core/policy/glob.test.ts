import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { coversFolder, matchesGlob, reachesInto } from '../../../src/core/policy/glob.ts';

const names = ['a', 'b', 'ab', 'ba', 'aab'];
const globs = fc
  .array(fc.constantFrom('a', 'b', '*', '**', '?', '??*', '*b', 'a*', '?*'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'));
const folders = fc.array(fc.constantFrom(...names), { maxLength: 3 });

/** All that could be in a folder, as deep as it matters for short globs. */
function pathsIn(depth: number): string[][] {
  if (depth === 0) return [];
  return names.flatMap((name) => [[name], ...pathsIn(depth - 1).map((rest) => [name, ...rest])]);
}
const inside = pathsIn(3).concat(names.map((name) => ['a', 'b', 'a', 'b', name]));

describe('folder globs', () => {
  it('distinguish patterns that cover a whole folder from patterns that match some files in it', () => {
    const found = { covered: 0, reached: 0, neither: 0 };
    fc.assert(
      fc.property(globs, folders, (glob, folder) => {
        const meant = inside.map((path) => matchesGlob(glob, [...folder, ...path].join('/')));
        const covers = coversFolder(glob, folder.join('/'));
        const reaches = reachesInto(glob, folder.join('/'));
        if (covers) assert.ok(meant.every(Boolean), `${glob} does not cover ${folder.join('/')}`);
        if (meant.some(Boolean)) assert.ok(reaches, `${glob} reaches into ${folder.join('/')}`);
        if (covers) assert.ok(reaches);
        if (meant.every(Boolean)) assert.ok(covers, `${glob} covers ${folder.join('/')}`);
        found[covers ? 'covered' : reaches ? 'reached' : 'neither'] += 1;
      }),
      { numRuns: 2_000 },
    );
    for (const count of Object.values(found)) assert.ok(count > 50, JSON.stringify(found));
  });
});
