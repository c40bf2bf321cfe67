import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { must, root, run } from '../../scripts/process.ts';
import { type ArchiveEntry, listArchive } from './archive.ts';

/** What a VSIX is made of besides the extension's own files. */
const wrapping = ['extension.vsixmanifest', '[Content_Types].xml'];

/** The extension's own files; vsce puts some names into lower case. */
const allowed = [
  /^extension\/package\.json$/,
  /^extension\/package\.nls(\.[\w-]+)?\.json$/,
  /^extension\/(readme|changelog)\.md$/,
  /^extension\/LICENSE\.txt$/,
  /^extension\/dist\/(extension\.js|index\.js|cli\.cjs)$/,
  /^extension\/dist\/chunks\/([\w-]+\.js|(acp|cli|cli-rest|commander|editor-agent|jinja|jsonc|mcp|pg|yaml|zod)\.cjs)$/,
  /^extension\/dist\/webviews\/[\w-]+\.js$/,
  /^extension\/media\/[\w/.-]+\.(png|svg|css|md|js|wasm|ttf|woff2?)$/,
  /^extension\/schemas\/[\w.-]+\.schema\.json$/,
  /^extension\/l10n\/[\w.-]+\.json$/,
];

const needed = [
  'package.json',
  'package.nls.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'schemas/config.schema.json',
  'dist/extension.js',
  'dist/index.js',
  'dist/cli.cjs',
  'dist/chunks/cli.cjs',
  'dist/chunks/cli-rest.cjs',
  'dist/chunks/editor-agent.cjs',
  'dist/chunks/acp.cjs',
  'dist/chunks/commander.cjs',
  'dist/chunks/jinja.cjs',
  'dist/chunks/jsonc.cjs',
  'dist/chunks/mcp.cjs',
  'dist/chunks/pg.cjs',
  'dist/chunks/yaml.cjs',
  'dist/chunks/zod.cjs',
  'dist/webviews/approvals.js',
  'dist/webviews/board.js',
  'dist/webviews/graph.js',
  'dist/webviews/metrics.js',
  'dist/webviews/new-task.js',
  'dist/webviews/plan.js',
  'dist/webviews/race.js',
  'dist/webviews/task.js',
  'media/pages/kit.css',
  'media/pages/approvals.css',
  'media/pages/board.css',
  'media/pages/graph.css',
  'media/pages/metrics.css',
  'media/pages/new-task.css',
  'media/pages/plan.css',
  'media/pages/race.css',
  'media/pages/task.css',
];

let entries: readonly ArchiveEntry[];

before(async () => {
  let vsix = process.env.PACKAGE_VSIX;
  if (vsix === undefined) {
    vsix = path.join('test-artifacts', 'systemprompt-tasks.vsix');
    await must(process.execPath, ['scripts/package.ts', vsix]);
  }
  entries = listArchive(path.resolve(root, vsix));
});

test('the VSIX contains no file that the extension does not read', () => {
  const names = entries.map((entry) => entry.name).filter((name) => !wrapping.includes(name));
  const foreign = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
  assert.deepEqual(foreign, []);
});

test('the VSIX contains every file that the extension needs', () => {
  const names = new Set(entries.map((entry) => entry.name));
  assert.deepEqual(
    needed.filter((name) => !names.has(`extension/${name}`)),
    [],
  );
});

test('the files that load until the first row shows are under 300 kB', async () => {
  const dist = path.join(root, 'dist');
  const hosts = (await readdir(path.join(dist, 'chunks'))).filter((name) => name.startsWith('host-'));
  assert.equal(hosts.length, 1);
  const folder = await mkdtemp(path.join(tmpdir(), 'activation-'));
  try {
    const env = { ...process.env, XDG_CONFIG_HOME: path.join(folder, 'config') };
    await must(process.execPath, [path.join(dist, 'cli.cjs'), 'task', 'create', 'First'], { cwd: folder, env });
    const host = path.join('chunks', hosts[0] ?? '');
    const script = path.join(import.meta.dirname, 'opened-files.ts');
    const { output } = await run(process.execPath, [script, dist, host, folder], { env, output: 'hide' });
    const opened = JSON.parse(output) as { tasks: number; loaded: string[] };
    assert.equal(opened.tasks, 1);
    const files = new Set([...(await staticImports(dist, 'extension.js')), ...opened.loaded]);
    const sizes = new Map(entries.map(({ name, size }) => [name, size]));
    let total = 0;
    for (const file of files)
      total += sizes.get(`extension/dist/${file.split(path.sep).join('/')}`) ?? assert.fail(file);
    assert.ok(total < 300_000, `${files.size} files have ${total} bytes`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A file of the bundles with all files that it imports at once, as paths below `dist`. */
async function staticImports(dist: string, entry: string): Promise<Set<string>> {
  const found = new Set([entry]);
  for (const file of found) {
    const source = await readFile(path.join(dist, file), 'utf8');
    for (const [, target = ''] of source.matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+\.js)"/g)) {
      found.add(path.join(path.dirname(file), target));
    }
  }
  return found;
}

test('all pages together are under 65 kB gzipped', async () => {
  const folder = path.join(root, 'dist', 'webviews');
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const sizes = await Promise.all(
    scripts.map(async (name) => gzipSync(await readFile(path.join(folder, name))).length),
  );
  const size = sizes.reduce((sum, each) => sum + each, 0);
  assert.ok(scripts.length > 0 && size < 65_000, `${scripts.join(', ')} have ${size} bytes`);
});

test('the VSIX is under 4.4 MB unpacked', () => {
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  assert.ok(size < 4_400_000, `${size} bytes`);
});
