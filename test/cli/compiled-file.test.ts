import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { tempFolder } from '../support/temp-folder.ts';

const module = pathToFileURL(join(import.meta.dirname, '../../src/cli/compiled-file.ts')).href;
const build = 'a'.repeat(16);

/** Loads a file in a process of its own, and prints what its export `answer` returns. */
function bench(context: TestContext): {
  folder: string;
  load(build: string, folder?: string): string;
  cached(): string[];
} {
  const root = tempFolder(context);
  const file = join(root, 'file.cjs');
  const folder = join(root, 'cache');
  mkdirSync(folder);
  writeFileSync(join(root, 'other.cjs'), `exports.same = () => require('./file.cjs').answer;`);
  writeFileSync(file, code('one'));
  return {
    folder,
    load(name, place = folder) {
      const given = JSON.stringify({ file, build: name, folder: place, name: 'task-list' });
      const program = `
        import { loadCompiled } from ${JSON.stringify(module)};
        console.log(loadCompiled(${given}).answer());`;
      return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim();
    },
    cached: () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('task-list')),
  };
}

const code = (word: string): string => `(function (exports, require) {
  exports.answer = function answer() {
    if (require('./other.cjs').same() !== answer) return 'loaded twice';
    return '${word}';
  };
})`;

describe('a compiled file', () => {
  it('is cached for the person alone, and loads from the cache', (context) => {
    const { folder, load, cached } = bench(context);
    assert.equal(load(build), 'one');
    const [name = ''] = cached();
    const file = join(folder, name);
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.equal(readFileSync(file).toString('latin1', 0, 16), build);
    const before = statSync(file);
    assert.equal(load(build), 'one');
    assert.equal(statSync(file).ino, before.ino, 'an accepted cache is not written again');
  });

  it('never comes from the cache of another build', (context) => {
    const { folder, load, cached } = bench(context);
    load(build);
    // Of the same length, which is all that V8 compares.
    writeFileSync(join(folder, '..', 'file.cjs'), code('two'));
    assert.equal(load('b'.repeat(16)), 'two');
    const [name = ''] = cached();
    assert.equal(readFileSync(join(folder, name)).toString('latin1', 0, 16), 'b'.repeat(16));
  });

  it('is compiled where the cache cannot be used', (context) => {
    const { folder, load, cached } = bench(context);
    assert.equal(load(''), 'one', 'a build that is watched');
    assert.deepEqual(cached(), []);
    assert.equal(load(build, join(folder, 'missing', 'folder')), 'one');
    assert.equal(existsSync(join(folder, 'missing')), false);
    load(build);
    const [name = ''] = cached();
    writeFileSync(join(folder, name), `${build}no code`);
    assert.equal(load(build), 'one');
    assert.ok(statSync(join(folder, name)).size > 100, 'it is replaced');
  });
});
