// Writes the types of the library, dist/types, for programs that use it: part of `npm run build`

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { must, root, say } from './process.ts';

const types = path.join(root, 'dist', 'types');
const emitted = await mkdtemp(path.join(tmpdir(), 'types-'));
try {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await must(process.execPath, [tsc, '-p', path.join('src', 'tsconfig.types.json'), '--outDir', emitted]);
  await rm(types, { recursive: true, force: true });
  const files = await reachable(path.join(emitted, 'index.d.ts'));
  for (const [file, text] of files) {
    const target = path.join(types, path.relative(emitted, file));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  say(`${path.relative(root, types)} (${files.size} files)`);
} finally {
  await rm(emitted, { recursive: true, force: true });
}

/**
 * Files that the entry imports, directly or not: most of the source stays private. Imports name the JavaScript
 * beside them, as in any package: not every compiler takes a `.ts` ending in a declaration.
 */
async function reachable(entry: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    const folder = path.dirname(file);
    const text = (await readFile(file, 'utf8')).replace(
      /((?:from |import\()(['"]))(\.[^'"]*)\.ts\2/g,
      (_, before: string, quote: string, name: string) => {
        open.push(path.resolve(folder, `${name}.d.ts`));
        return `${before}${name}.js${quote}`;
      },
    );
    found.set(file, text);
  }
  return found;
}
