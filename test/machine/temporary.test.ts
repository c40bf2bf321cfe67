import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ownIdentity } from '../../src/machine/identity.ts';
import { removeLeftBehind, temporaryFolder, withTemporaryFolder } from '../../src/machine/temporary.ts';
import { tempFolder } from '../support/temp-folder.ts';

const child = fileURLToPath(new URL('temporary-child.ts', import.meta.url));

/** A folder for temporary files of this process and its children. */
function ownTemp(context: TestContext): string {
  const folder = tempFolder(context);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  context.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  return folder;
}

interface Holder {
  readonly process: ChildProcess;
  /** The folder of the process. */
  readonly folder: string;
}

/** A process that has a temporary folder. */
async function holder(context: TestContext): Promise<Holder> {
  const started = spawn(process.execPath, [child], { stdio: ['pipe', 'pipe', 'inherit'] });
  context.after(() => started.kill('SIGKILL'));
  const [line] = (await once(started.stdout, 'data')) as [Buffer];
  return { process: started, folder: dirname(line.toString().trim()) };
}

async function killed(context: TestContext): Promise<string> {
  const { process, folder } = await holder(context);
  process.kill('SIGKILL');
  await once(process, 'close');
  return folder;
}

describe('temporary folders', { skip: process.platform === 'win32' }, () => {
  it('are private, and removed after use and at the end of the process', async (context) => {
    const parent = ownTemp(context);
    const kept = await temporaryFolder('kept');
    assert.equal(statSync(dirname(kept.path)).mode & 0o077, 0);
    const seen = await withTemporaryFolder('used', (path) => Promise.resolve(path));
    assert.deepEqual([existsSync(seen), existsSync(kept.path)], [false, true]);
    const ending = await holder(context);
    ending.process.stdin?.end();
    await once(ending.process, 'close');
    assert.equal(existsSync(ending.folder), false);
    assert.equal(readdirSync(parent).length, 1, 'that of this process');
  });

  it('of a killed process are removed, and those of a living one stay', async (context) => {
    ownTemp(context);
    const own = await temporaryFolder('own');
    const [left, living] = [await killed(context), await holder(context)];
    assert.ok(existsSync(left));
    assert.equal(await removeLeftBehind(), 1);
    assert.deepEqual([left, living.folder, own.path].map(existsSync), [false, true, true]);
    assert.equal(await removeLeftBehind(), 0);
  });

  it('of a process that cannot be judged stay', async (context) => {
    const parent = ownTemp(context);
    const make = (name: string, owner: string | undefined): string => {
      const folder = join(parent, `systemprompt-temp-${name}`);
      mkdirSync(folder, { mode: 0o700 });
      if (owner !== undefined) writeFileSync(join(folder, 'owner.json'), owner);
      writeFileSync(join(folder, 'file'), 'x');
      return folder;
    };
    const dead = { ...ownIdentity(), started: '1' };
    const stay = [
      make('elsewhere', JSON.stringify({ ...dead, host: 'other', boot: 'other', machine: 'other' })),
      make('garbled', '{"pid":'),
      make('unowned', undefined),
      make('open', JSON.stringify(dead)),
    ];
    chmodSync(stay[3] ?? '', 0o755);
    const old = new Date(Date.now() - 86_400_000);
    utimesSync(stay[2] ?? '', old, old);
    assert.equal(await removeLeftBehind(), 0);
    assert.deepEqual(stay.map(existsSync), [true, true, true, true]);
    chmodSync(stay[3] ?? '', 0o700);
    assert.equal(await removeLeftBehind(), 1, 'the same folder, private');
  });

  it('are not removed through links', async (context) => {
    const parent = ownTemp(context);
    const left = await killed(context);
    const outside = join(tempFolder(context), 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'x');
    symlinkSync(outside, join(left, 'link'));
    symlinkSync(left, join(parent, 'systemprompt-temp-link'));
    assert.equal(await removeLeftBehind(), 1);
    assert.ok(existsSync(join(outside, 'file')));
  });

  it('are made again after another program removed them', async (context) => {
    ownTemp(context);
    const first = await temporaryFolder('first');
    rmSync(dirname(first.path), { recursive: true });
    assert.ok(existsSync((await temporaryFolder('second')).path));
  });

  it('without an owner are removed only if empty and old', async (context) => {
    const folder = join(ownTemp(context), 'systemprompt-temp-empty');
    mkdirSync(folder, { mode: 0o700 });
    assert.equal(await removeLeftBehind(), 0);
    const old = new Date(Date.now() - 86_400_000);
    utimesSync(folder, old, old);
    assert.equal(await removeLeftBehind(), 1);
  });
});
