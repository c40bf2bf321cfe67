import assert from 'node:assert/strict';
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { cachedCheckout, isAddress } from '../../../src/runtime/worktrees/cached-checkout.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type TestRepository, testRepository } from './repository.ts';

function remoteOf(context: TestContext): TestRepository {
  const remote = testRepository(tempFolder(context));
  remote.commit({ 'a.txt': 'a\n' });
  return remote;
}

const addressOf = ({ folder }: TestRepository): string => `file://${folder}`;
const LONG_AGO = new Date('2020-01-01');

describe('checkouts that workers clone', () => {
  it('are made once, and later updated to the branch of the remote', async (context) => {
    const remote = remoteOf(context);
    const env = { XDG_STATE_HOME: tempFolder(context) };
    const folder = await cachedCheckout(addressOf(remote), silentLogger, { env });
    remote.commit({ 'b.txt': 'b\n' });
    assert.equal(await cachedCheckout(addressOf(remote), silentLogger, { env }), folder);
    assert.equal(existsSync(join(folder, 'b.txt')), true);
  });

  it('leave above the quota, the oldest first, unless they have work', async (context) => {
    const env = { XDG_STATE_HOME: tempFolder(context) };
    const folders: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      folders.push(await cachedCheckout(addressOf(remoteOf(context)), silentLogger, { env }));
    }
    const [old = '', working = '', recent = ''] = folders;
    testRepository(working, false).git('branch', 'systemprompt/1-work');
    testRepository(working, false).git(
      ...['-c', 'user.name=A', '-c', 'user.email=a@example.com'],
      ...['commit', '--quiet', '--allow-empty', '-m', 'work'],
    );
    for (const folder of [old, working]) utimesSync(folder, LONG_AGO, LONG_AGO);
    const current = await cachedCheckout(addressOf(remoteOf(context)), silentLogger, { env, quotaBytes: 1 });
    assert.deepEqual(
      [old, working, recent, current].map((folder) => existsSync(folder)),
      [false, true, true, true],
    );
  });

  it('report the reason without the password, and leave nothing behind', async (context) => {
    const env = { XDG_STATE_HOME: tempFolder(context) };
    await assert.rejects(
      cachedCheckout('http://ada:s3cret@127.0.0.1:1/x.git', silentLogger, { env }),
      (error: Error) => {
        assert.match(error.message, /could not be cloned/);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      },
    );
    await assert.rejects(cachedCheckout('ext::sh -c touch% /tmp/x', silentLogger, { env }), /could not be cloned/);
  });

  it('are recognized by their address', () => {
    const addresses = ['https://example.com/shop.git', 'git@example.com:shop.git', 'ssh://h/x', 'file:///srv/shop'];
    assert.deepEqual(addresses.map(isAddress), [true, true, true, true]);
    assert.deepEqual(['/srv/shop', '../shop', 'C:\\shop', '-x', '--upload-pack=x@y:z'].map(isAddress), [
      ...[false, false, false, false, false],
    ]);
  });
});
