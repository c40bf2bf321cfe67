import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { ownIdentity } from '../../../src/machine/identity.ts';
import { clearOffers, offerModels } from '../../../src/runtime/editor-models/offer-models.ts';
import { modelOffers } from '../../../src/runtime/editor-models/offers.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const access = { socket: '/tmp/s', token: 't', models: [{ id: 'm', name: 'M', maxInputTokens: 8 }] };

function place(context: TestContext): { env: { XDG_CONFIG_HOME: string }; files: () => string[] } {
  const config = tempFolder(context);
  const windows = join(config, 'systemprompt', 'windows');
  const files = (): string[] =>
    readdirSync(windows).flatMap((name) => readdirSync(join(windows, name)).map((file) => join(windows, name, file)));
  return { env: { XDG_CONFIG_HOME: config }, files };
}

describe('the offers of windows', () => {
  it('are seen by other processes of the folder until they are withdrawn', async (context) => {
    const { env, files } = place(context);
    assert.deepEqual(modelOffers('/work/a', env), []);
    const withdraw = await offerModels('/work/a', access, env);
    const second = await offerModels('/work/a', undefined, env);
    assert.deepEqual(
      new Set(modelOffers('/work/a', env).map((offer) => offer.access?.token)),
      new Set(['t', undefined]),
    );
    assert.deepEqual(modelOffers('/work/b', env), []);
    for (const file of files()) assert.equal(statSync(file).mode & 0o077, 0, 'only for this user');
    await withdraw();
    await second();
    assert.deepEqual(modelOffers('/work/a', env), []);
  });

  it('are those of a folder, by any path to it', async (context) => {
    const { env } = place(context);
    const top = tempFolder(context);
    mkdirSync(join(top, 'real'));
    symlinkSync('real', join(top, 'link'));
    const withdraw = await offerModels(join(top, 'link'), access, env);
    assert.equal(modelOffers(join(top, 'real'), env).length, 1);
    await withdraw();
  });

  it('do not count after the window has ended, nor when they make no sense', async (context) => {
    const { env, files } = place(context);
    await offerModels('/work/a', access, env);
    const [file = ''] = files();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const text of ['', '{', '[]', '{"owner":{}}', JSON.stringify({ owner: { ...ownIdentity(), pid }, access })]) {
      writeFileSync(file, text);
      assert.deepEqual(modelOffers('/work/a', env), [], text);
    }
    writeFileSync(file, JSON.stringify({ owner: ownIdentity(), access: { socket: 7, models: [] } }));
    assert.deepEqual(modelOffers('/work/a', env), []);
    await clearOffers('/work/a', env);
    assert.deepEqual(files(), []);
  });
});
