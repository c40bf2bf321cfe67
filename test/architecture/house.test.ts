import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { filesOf, type Module, readModules } from './import-graph.ts';
import {
  arrows,
  circles,
  folderCircles,
  isBarrel,
  packagesOf,
  pastTheLauncher,
  pathsIntoState,
  sizesOf,
  wrongArrows,
} from './rules.ts';

const root = path.resolve(import.meta.dirname, '../..');
const ours = ['src', 'test', 'scripts', 'bench'].map((folder) => `${folder}/**/*.{ts,tsx,mjs}`);
const MAX_LINES = 400;
const P90_LINES = 300;

describe('the architecture', () => {
  let product: Module[];
  let all: Module[];
  let sources: Map<string, string>;

  before(async () => {
    const files = filesOf(root, ...ours);
    sources = new Map(
      await Promise.all(files.map(async (file) => [file, await readFile(path.join(root, file), 'utf8')] as const)),
    );
    all = await readModules(
      root,
      files.filter((file) => /\.tsx?$/.test(file)),
    );
    product = all.filter((module) => module.file.startsWith('src/'));
    assert.ok(product.length > 100, 'the product was found');
  });

  test('has dependencies in one direction: core, store, runtime, operations, faces', () => {
    assert.deepEqual(wrongArrows(product), []);
  });

  test('has the imports that ARCHITECTURE.md lists', async () => {
    const page = await readFile(path.join(root, 'ARCHITECTURE.md'), 'utf8');
    const rows = page.matchAll(/^\| `src\/([\w-]+)(?:\.ts)?` \|.*\| ([\w, -]+) \|$/gm);
    const listed = Object.fromEntries([...rows].map(([, part = '', names = '']) => [part, names.split(', ').sort()]));
    const parts = Object.entries(arrows).filter(([part]) => part !== 'core');
    assert.deepEqual(
      Object.fromEntries(parts.map(([part]) => [part, listed[part]])),
      Object.fromEntries(parts.map(([part, names]) => [part, [...names].sort()])),
    );
  });

  test('accesses the state of a folder only through the ports of the store', () => {
    assert.deepEqual(pathsIntoState(product, sources), []);
  });

  test('starts agent processes only through the launcher', () => {
    assert.deepEqual(pastTheLauncher(product), []);
  });

  test('has no import cycles, including types and dynamic imports', () => {
    assert.deepEqual(circles(product), []);
  });

  for (const layer of ['src/core', 'src/runtime']) {
    test(`has no cycles between the folders of ${layer}`, () => {
      assert.deepEqual(folderCircles(product, layer), []);
    });
  }

  test('has no cycles between folders inside the store', () => {
    assert.deepEqual(folderCircles(product, 'src/store', 'apart'), []);
  });

  test('declares exactly the packages that it imports', async () => {
    const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    assert.deepEqual(
      packagesOf(product),
      Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).sort(),
    );
  });

  test('imports Node modules with the node: prefix', () => {
    const bare = product
      .flatMap((module) => module.imports)
      .filter(({ to }) => /^(fs|os|path|url|util|child_process|crypto|stream|events|net|http|timers)(\/|$)/.test(to));
    assert.deepEqual(bare, []);
  });

  test('keeps files small', (context) => {
    const lines = (folder: string): Map<string, number> =>
      new Map(
        [...sources]
          .filter(([file]) => file.startsWith(folder))
          .map(([file, source]) => [file, source.trimEnd().split('\n').length]),
      );
    for (const folder of ['src/', 'test/']) {
      const { median, p90, longest } = sizesOf(lines(folder));
      context.diagnostic(`${folder} median ${median} lines, p90 ${p90}, longest ${longest.lines} (${longest.file})`);
      assert.ok(p90 <= P90_LINES, `nine of ten files of ${folder} have at most ${P90_LINES} lines, not ${p90}`);
    }
    const long = [...lines('')].filter(([, count]) => count > MAX_LINES);
    assert.deepEqual(long, [], `no file has more than ${MAX_LINES} lines`);
  });

  test('has no default exports', () => {
    assert.deepEqual(
      all.filter((module) => module.exports.includes('default')).map((module) => module.file),
      [],
    );
  });

  test('has no files that only re-export, except the library entry', () => {
    const barrels = [...sources].filter(([, source]) => isBarrel(source)).map(([file]) => file);
    assert.deepEqual(
      barrels.filter((file) => file !== 'src/index.ts'),
      [],
    );
  });

  test('configures its linter to forbid any, default exports, floating promises and assertions', async () => {
    const { linter, overrides } = JSON.parse(await readFile(path.join(root, 'biome.json'), 'utf8'));
    const rules: Record<string, unknown> = Object.assign({}, ...Object.values(linter.rules));
    for (const rule of ['noExplicitAny', 'noDefaultExport', 'noFloatingPromises', 'noNonNullAssertion']) {
      assert.equal(rules[rule], 'error', rule);
      const silenced = [...sources].filter(([, source]) => new RegExp(`biome-ignore.*\\b${rule}\\b`).test(source));
      assert.deepEqual(
        silenced.map(([file]) => file).filter((file) => file !== 'test/architecture/house.test.ts'),
        [],
        rule,
      );
    }
    assert.equal(overrides, undefined);
  });

  test('runs every test file', () => {
    const only = [...sources].filter(
      ([file, source]) => /\b(test|it|describe|suite)\.only\(/.test(source) && !file.endsWith('house.test.ts'),
    );
    assert.deepEqual(
      only.map(([file]) => file),
      [],
    );
  });
});
