import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openHost } from '../../../src/host.ts';
import { storeAddress } from '../../../src/runtime/settings/store-address.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const url = 'postgres://ada@db.example.com/tasks';

describe('the address of the store', () => {
  it('is that of the command line, else that of the environment, else that of the settings', () => {
    const env = { SYSTEMPROMPT_STORE: 'postgres://inherited/tasks', MINE: 'postgres://mine/tasks' };
    assert.equal(storeAddress(url, { url: 'postgres://other/x' }, env), url);
    assert.equal(storeAddress('env:MINE', undefined, env), 'postgres://mine/tasks');
    assert.equal(storeAddress('files', { url }, env), undefined);
    assert.equal(storeAddress(undefined, { url }, env), 'postgres://inherited/tasks');
    assert.equal(storeAddress(undefined, { url }, { SYSTEMPROMPT_STORE: 'files' }), undefined);
    assert.equal(storeAddress(undefined, { url, name: 'shop' }, {}), `${url}?store=shop`);
    assert.equal(storeAddress(undefined, { url: `${url}?store=a`, name: 'b' }, {}), `${url}?store=a`);
    assert.equal(storeAddress(undefined, { url: 'env:MINE' }, { MINE: url }), url);
    assert.equal(storeAddress(undefined, undefined, {}), undefined);
  });

  it('contains a password only in the environment, and messages never contain it', () => {
    const secret = 'postgres://ada:s3cret@db.example.com/tasks';
    for (const call of [
      (): unknown => storeAddress(secret, undefined, {}),
      (): unknown => storeAddress(undefined, { url: secret }, {}),
    ]) {
      assert.throws(call, (error: Error) => /has a password/.test(error.message) && !error.message.includes('s3cret'));
    }
    assert.equal(storeAddress(undefined, undefined, { SYSTEMPROMPT_STORE: secret }), secret);
    assert.equal(storeAddress('env:MINE', undefined, { MINE: secret }), secret);
  });

  it('names a variable that is not set', () => {
    assert.throws(() => storeAddress('env:MISSING', undefined, {}), { code: 'InvalidInput', message: /MISSING/ });
  });

  it('is that of the worker as well, also for files that the command line names', async (context) => {
    const folder = tempFolder(context);
    for (const [storeAddress, passed] of [
      ['files', { SYSTEMPROMPT_STORE: 'files' }],
      [undefined, undefined],
    ] as const) {
      const host = await openHost({ folder, storeAddress, actor: 'Ada', watch: false });
      assert.deepEqual(host.program.env, passed);
      await host.close();
    }
  });
});
