import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FileCoordination } from '../../../../src/store/file/coordination/file-coordination.ts';
import type { LockOwner } from '../../../../src/store/ports.ts';
import { coordinationContract, owner } from '../../../contract/coordination.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const at = (folder: string): FileCoordination =>
  new FileCoordination(folder, { XDG_CONFIG_HOME: join(folder, 'machine') });

coordinationContract('files', (context) => at(tempFolder(context)));

describe('coordination by files', () => {
  it('creates no folder before it writes, and never recreates a removed one', async (context) => {
    const folder = tempFolder(context);
    const shared = at(folder);
    await shared.read('queue', 'queue');
    await shared.entries('workers');
    assert.deepEqual(readdirSync(folder), []);
    assert.equal(await shared.exists(), false);
    rmSync(folder, { recursive: true });
    await assert.rejects(shared.write('queue', 'queue', 'x'), { code: 'ENOENT' });
    assert.throws(() => shared.workerLog.open(), { code: 'StoreNotWritable' });
    assert.equal(existsSync(folder), false);
  });

  it('leaves no staged files, and never reads one as a text', async (context) => {
    const folder = tempFolder(context);
    const shared = at(folder);
    await shared.write('workers', 'w1', 'one');
    const workers = join(folder, '.systemprompt', 'state', 'workers');
    writeFileSync(join(workers, 'w2.json.12345678.new'), 'half');
    writeFileSync(join(workers, 'no key.json'), 'other');
    assert.deepEqual(
      (await shared.entries('workers')).map(({ key }) => key),
      ['w1'],
    );
    assert.deepEqual(readdirSync(workers), ['no key.json', 'w1.json', 'w2.json.12345678.new']);
  });

  it('refuses keys with paths', async (context) => {
    const shared = at(tempFolder(context));
    for (const key of ['../evil', 'a/b', '', 'a\0', '..']) {
      await assert.rejects(shared.write('workers', key, 'x'), /not a key/);
      assert.equal(await shared.read('workers', key), undefined);
    }
  });

  it('follows no link: neither of a text, nor of a folder, nor of the log', async (context) => {
    const folder = tempFolder(context);
    const shared = at(folder);
    await shared.write('queue', 'queue', 'mine');
    const state = join(folder, '.systemprompt', 'state');
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'text'), '{"playing":true}');
    rmSync(join(state, 'queue.json'));
    symlinkSync(join(elsewhere, 'text'), join(state, 'queue.json'));
    assert.equal(await shared.read('queue', 'queue'), undefined);
    await shared.write('queue', 'queue', 'mine again');
    assert.equal(readFileSync(join(elsewhere, 'text'), 'utf8'), '{"playing":true}', 'the link was replaced');
    symlinkSync(elsewhere, join(state, 'homes'));
    await assert.rejects(shared.write('homes', 'mark', ''), { code: 'StoreNotWritable' });
    assert.deepEqual(readdirSync(elsewhere), ['text']);
    symlinkSync(join(elsewhere, 'text'), join(state, 'worker.log'));
    assert.throws(() => shared.workerLog.open(), { code: 'StoreNotWritable' });
    rmSync(join(state, 'worker.log'));
    closeSync(shared.workerLog.open());
  });

  it('takes the lock of a dead process at once, and that of an unknown process after a delay', async (context) => {
    const folder = tempFolder(context);
    mkdirSync(join(folder, '.systemprompt'));
    const lock = join(folder, '.systemprompt', 'config.json.lock');
    const { settings } = at(folder);
    const dead: LockOwner = { ...owner, state: () => 'dead' };
    writeFileSync(lock, '{"pid":1}');
    assert.equal(await settings.exclusively(dead, async () => 'done'), 'done');
    const unknown: LockOwner = { ...owner, state: () => 'unknown' };
    writeFileSync(lock, '{');
    utimesSync(lock, 0, 0);
    assert.equal(await settings.exclusively(unknown, async () => 'done'), 'done');
    assert.equal(existsSync(lock), false);
  });
});
