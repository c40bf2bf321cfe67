import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { placesOf } from '../../../src/runtime/approvals/places.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A folder `work` with files and links, beside a folder that is none of the task's. */
function bench(context: TestContext): { work: string; of: (...files: string[]) => Promise<(string | undefined)[]> } {
  const folder = realpathSync(tempFolder(context));
  const work = join(folder, 'work');
  for (const name of ['work/src/deep', 'work/vendor', 'outside/deep'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['work/src/a.ts', 'work/.env', 'outside/secret', 'x']) writeFileSync(join(folder, name), '');
  return { work, of: async (...files) => [...(await placesOf(work, { toolKind: 'read', files }))].sort() };
}

describe('the places of a request', () => {
  it('are paths in the folder, with a slash behind folders', async (context) => {
    const { work, of } = bench(context);
    assert.deepEqual(await of('src/a.ts'), ['src/a.ts']);
    assert.deepEqual(await of(join(work, 'src/a.ts')), ['src/a.ts']);
    assert.deepEqual(await of('src'), ['src/']);
    assert.deepEqual(await of('.'), ['./']);
    assert.deepEqual(await of('src/deep/..'), ['src/']);
    assert.deepEqual(await of('new/x.ts'), ['new/x.ts']);
    assert.deepEqual(await of('src/new/../x.ts'), ['src/x.ts']);
    for (const out of ['..', '../x', '/etc/passwd', '~/x', '~', 'file:///etc/passwd', 'src/../../x']) {
      assert.ok((await of(out)).includes(undefined), out);
    }
  });

  it('are the targets of links, including dangling ones, and files behind them', async (context) => {
    const { work, of } = bench(context);
    symlinkSync('../outside', join(work, 'link'));
    symlinkSync('../outside/new', join(work, 'dangling'));
    symlinkSync('dangling', join(work, 'twice'));
    symlinkSync('../outside/deep', join(work, 'deep'));
    symlinkSync('.env', join(work, 'harmless.txt'));
    symlinkSync('loop', join(work, 'loop'));
    for (const out of ['link', 'link/secret', 'link/new/x', 'dangling', 'dangling/x', 'twice', 'loop', 'loop/x']) {
      assert.ok((await of(out)).includes(undefined), out);
    }
    // By its letters it is in the folder; to the file system it is beside what the link leads to.
    for (const out of ['deep/../secret', 'deep/../new', 'src/../deep/../secret']) {
      assert.ok((await of(out)).includes(undefined), out);
    }
    assert.ok((await of('harmless.txt')).includes('.env'));
  });

  it('include the named paths, so that a rule about a link applies', async (context) => {
    const { work, of } = bench(context);
    symlinkSync('vendor', join(work, 'lib'));
    assert.deepEqual(await of('lib/a.ts'), ['lib/a.ts', 'vendor/a.ts']);
  });

  it('are the same in a folder that is itself a link', async (context) => {
    const { work } = bench(context);
    const alias = `${work}-alias`;
    symlinkSync(work, alias);
    for (const file of ['src/a.ts', join(alias, 'src/a.ts'), join(work, 'src/a.ts')]) {
      assert.deepEqual(await placesOf(alias, { toolKind: 'read', files: [file] }), ['src/a.ts'], file);
    }
  });

  it('of a command include every path that its words can name', async (context) => {
    const { work } = bench(context);
    symlinkSync('../outside', join(work, 'link'));
    const of = async (command: string): Promise<readonly (string | undefined)[]> =>
      placesOf(work, { toolKind: 'execute', command, input: { command } });
    assert.deepEqual(await of('cat src/a.ts'), ['src/a.ts']);
    assert.ok((await of('cat link/secret')).includes(undefined));
    assert.ok((await of('pytest --cov=link')).includes(undefined));
    assert.ok((await of('mkdir link/new')).includes(undefined));
    assert.deepEqual(await of('git commit -m "Docs: how to start"'), [
      'commit',
      '-m',
      'Docs: how to start',
      'Docs',
      ' how to start',
    ]);
    assert.deepEqual(await of('cat src/a.ts; rm x'), []);
  });
});
