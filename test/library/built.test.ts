import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { usageExamples } from './usage-examples.ts';

type Library = typeof import('../../src/index.ts');

const built = path.resolve(import.meta.dirname, '../../dist/index.js');
// As a program names it; by a variable, because its types are those of the source.
const packageName = 'systemprompt-tasks';

if (existsSync(built)) {
  usageExamples('the library as it is built', async () => (await import(packageName)) as Library);

  test('the built library has all that the written one has', async () => {
    const names = (library: object): string[] => Object.keys(library).sort();
    assert.deepEqual(names(await import(packageName)), names(await import('../../src/index.ts')));
  });
} else {
  test('the built library', { skip: 'it is not built: npm run build' }, () => {});
}
