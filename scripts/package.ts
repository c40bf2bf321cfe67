// Makes the VSIX that is installed and published: `npm run package [-- FILE]`

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { must, root, say } from './process.ts';

const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, string>;
const file = path.resolve(root, process.argv[2] ?? `${name}-${version}.vsix`);

await must(process.execPath, ['esbuild.js', '--production']);
mkdirSync(path.dirname(file), { recursive: true });
// --no-dependencies: everything is bundled, node_modules has no part in the package.
const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
await must(process.execPath, [vsce, 'package', '--no-dependencies', '--out', file], { output: 'hide' });
say(`${path.relative(root, file)} (${Math.round(statSync(file).size / 1000)} kB)`);
