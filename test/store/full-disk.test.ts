import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { FileSystem } from '../../src/store/file/disk/file-system.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FaultyFileSystem } from './support/faulty-file-system.ts';

/** A folder that can be made to take nothing more, and then to take it again. */
interface Disk {
  readonly folder: string;
  readonly fs?: FileSystem;
  /** A disk cannot become read-only under an open file: stores are opened after that. */
  readonly reopen?: true;
  readonly refuse: () => void;
  readonly allow: () => void;
}

type Kind = 'full' | 'read-only';

/** A FAKE disk: the real one behind an adapter that refuses every step. */
function faulty(context: TestContext, kind: Kind): Disk {
  const disk = new FaultyFileSystem(0, kind === 'full' ? 'ENOSPC' : 'EACCES', true);
  return { folder: tempFolder(context), fs: disk.fs, refuse: () => disk.arm(), allow: () => disk.lift() };
}

function system(command: string, ...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(command, args, { encoding: 'utf8' });
}

/** A disk of 1 MB in memory. */
function small(context: TestContext, kind: Kind): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'systemprompt-disk-'));
  const run = (command: string, ...args: string[]): void => {
    const { status, stderr } = system(command, ...args);
    assert.equal(status, 0, stderr);
  };
  run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
  context.after(() => {
    run('umount', '--lazy', folder);
    rmdirSync(folder);
  });
  const ballast = join(folder, 'ballast');
  if (kind === 'read-only') {
    return {
      folder,
      reopen: true,
      refuse: () => run('mount', '-o', 'remount,ro', folder),
      allow: () => run('mount', '-o', 'remount,rw', folder),
    };
  }
  return {
    folder,
    refuse: () => assert.throws(() => writeFileSync(ballast, Buffer.alloc(2 << 20)), { code: 'ENOSPC' }),
    allow: () => rmSync(ballast),
  };
}

/** Mounting needs rights that a developer's account seldom has; the adapter shows the same on every machine. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'systemprompt-disk-'));
  const mounted = system('mount', '-t', 'tmpfs', 'tmpfs', folder).status === 0;
  if (mounted) system('umount', folder);
  rmdirSync(folder);
  return mounted;
}

const disks = { 'an adapter that refuses': faulty, ...(canMount() ? { 'a disk of 1 MB': small } : {}) };

const reasons: Record<Kind, RegExp> = { full: /the disk is full/, 'read-only': /cannot be accessed|read-only/i };

for (const [name, disk] of Object.entries(disks)) {
  for (const kind of ['full', 'read-only'] as const) {
    describe(`a folder that is ${kind} (${name})`, () => {
      it('refuses changes with an explanation, keeps memory and disk consistent, and recovers later', async (context) => {
        const { folder, fs, reopen, refuse, allow } = disk(context, kind);
        const open = async (through?: FileSystem): Promise<TaskStore> => {
          const options = { folder, logger: silentLogger, watch: false };
          return TaskStore.open({
            folder,
            repository: new FileRepository(through === undefined ? options : { ...options, fs: through }),
          });
        };
        let store = await open(fs);
        const { id } = await store.createTask({ title: 'before' });
        if (reopen) await store.close();
        refuse();
        if (reopen) store = await open(fs);
        const tell = { title: 'refused', description: 'x'.repeat(5_000) };
        const refused = [
          () => store.createTask(tell),
          () => store.updateTask(id, tell),
          () => store.deleteTask(id),
          () => store.addLog(id, 'x'.repeat(10_000)),
        ];
        // A disk that is full to the last page may still have room for a short line in a page that is begun.
        for (let i = 0; i < 3; i += 1) await store.createTask(tell).catch(() => {});
        const there = [...store.view.all()].map((task) => task.title);
        for (const change of refused) {
          await assert.rejects(change(), (error) => {
            assert.ok(TaskError.is(error, 'StoreNotWritable'), `${error}`);
            assert.match(error.message, reasons[kind]);
            assert.ok(error.next.length > 0);
            return true;
          });
        }
        assert.deepEqual(
          [...store.view.all()].map((task) => task.title),
          there,
        );
        const reader = await open();
        assert.deepEqual([...reader.view.all()], [...store.view.all()], 'what others read meanwhile is the same');
        await reader.close();
        if (reopen) await store.close();
        allow();
        if (reopen) store = await open(fs);
        await store.createTask({ title: 'after' });
        await store.addLog(id, 'there is room again');
        assert.ok((await store.getTaskLogs(id)).some(({ message }) => message === 'there is room again'));
        await store.close();
        const again = await open();
        assert.deepEqual([...again.view.all()], [...store.view.all()]);
        assert.deepEqual(
          [...again.view.all()].map((task) => task.title),
          [...there, 'after'],
        );
        assert.deepEqual(again.problems, []);
        await again.close();
      });
    });
  }
}
