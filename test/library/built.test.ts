import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { root, run } from '../../scripts/process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { usageExamples } from './usage-examples.ts';

type Library = typeof import('../../src/index.ts');

const built = path.resolve(import.meta.dirname, '../../dist/index.js');
// As a program names it; by a variable, because its types are those of the source.
const packageName = 'systemprompt-tasks';

if (existsSync(built)) {
  usageExamples('the library as it is built', async () => (await import(packageName)) as Library);

  test('the built library has the same exports as the source', async () => {
    const names = (library: object): string[] => Object.keys(library).sort();
    assert.deepEqual(names(await import(packageName)), names(await import('../../src/index.ts')));
  });

  test('an uncaught error prints its message, not the source of a bundle', async (context: TestContext) => {
    const program = `const { TaskStore } = await import(${JSON.stringify(packageName)});
      await TaskStore.getInstance(process.argv[1]).createTask({ title: '', tool: 'SHELL' });`;
    const { code, output } = await run(process.execPath, ['--input-type=module', '-e', program, tempFolder(context)], {
      output: 'hide',
      cwd: root,
    });
    assert.equal(code, 1);
    assert.match(output, /A task needs a title/);
    assert.ok(output.length < 3_000, `${output.length} characters`);
  });

  test('no bundle for Node has lines that would fill a terminal', () => {
    const bundles = globSync(['*.{js,cjs}', 'chunks/*.{js,cjs}'], { cwd: path.dirname(built) });
    assert.ok(bundles.length > 3);
    for (const name of bundles) {
      const lines = readFileSync(path.join(path.dirname(built), name), 'utf8').split('\n');
      // A line is broken between words of code; a long text or pattern is one word.
      assert.ok(Math.max(...lines.map(({ length }) => length)) < 2_000, name);
    }
  });
} else {
  test('the built library', { skip: 'it is not built: npm run build' }, () => {});
}
