// Makes the VSIX that is installed and published: `npm run package [-- FILE]`

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readmeForPackage } from './package-readme.ts';
import { must, root, say } from './process.ts';

const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, string>;
const file = path.resolve(root, process.argv[2] ?? `${name}-${version}.vsix`);

await must(process.execPath, ['esbuild.js', '--production']);
mkdirSync(path.dirname(file), { recursive: true });
const staged = await mkdtemp(path.join(tmpdir(), 'package-'));
try {
  await stage(staged);
  // --no-dependencies: everything is bundled, node_modules has no part in the package.
  // --no-rewrite-relative-links: `stage` has dealt with them, and there is no public address to rewrite them to.
  const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  await must(process.execPath, [vsce, 'package', ...options, '--out', file], { cwd: staged, output: 'hide' });
} finally {
  await rm(staged, { recursive: true, force: true });
}
say(`${path.relative(root, file)} (${Math.round(statSync(file).size / 1000)} kB)`);

/** The project as it is packaged: what .vscodeignore allows is picked from this copy, whose README is its own. */
async function stage(folder: string): Promise<void> {
  const wanted = /^(package(\.nls.*)?\.json|CHANGELOG\.md|LICENSE|\.vscodeignore|dist|media|schemas|l10n)$/;
  const names = (await readdir(root)).filter((entry) => wanted.test(entry));
  await Promise.all(names.map((entry) => cp(path.join(root, entry), path.join(folder, entry), { recursive: true })));
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  await writeFile(path.join(folder, 'README.md'), readmeForPackage(readme));
}
