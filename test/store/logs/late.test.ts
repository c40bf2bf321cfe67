import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { LogReader } from '../../../src/store/file/logs/files.ts';
import { LogWriter } from '../../../src/store/file/logs/writer.ts';
import { WrittenFiles } from '../../../src/store/file/logs/written.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { SteppingFileSystem } from '../support/stepping-file-system.ts';

const ID = 'task_1';
const limits = { partBytes: 1_000_000, capBytes: 0, maxBytes: 1_000_000, settleMs: 0 };

const entry = (message: string): TaskLogEntry => ({
  timestamp: '2026-01-01T00:00:00.000Z',
  level: 'info',
  type: 'output',
  message,
});

/** A process that writes logs of a folder. */
function writerOf(folder: string, fs: FileSystem): LogWriter {
  return new LogWriter({
    fs,
    root: layoutOf(folder).logs,
    limits,
    files: new WrittenFiles(),
    written: () => {},
    deleted: () => false,
    putAside: async () => {},
    ended: async () => {},
    report: (error) => assert.fail(String(error)),
  });
}

async function messages(folder: string): Promise<string[]> {
  const page = await new LogReader(nodeFileSystem, layoutOf(folder)).read(ID, { after: 0 });
  return (page?.entries ?? []).map(({ message }) => message);
}

/** Reads the log as it is, and after all processes have compressed it: each line is there once, in both. */
async function check(folder: string, expected: readonly string[], when: string): Promise<void> {
  assert.deepEqual((await messages(folder)).sort(), [...expected].sort(), when);
  const layout = layoutOf(folder);
  assert.equal(await new LogReader(nodeFileSystem, layout).count(ID), expected.length, `counted, ${when}`);
  await writerOf(folder, new SteppingFileSystem().fs).retention.compressAll(ID);
  assert.deepEqual((await messages(folder)).sort(), [...expected].sort(), `${when}, and compressed`);
  const plain = readdirSync(layout.logs, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'));
  assert.deepEqual(plain, [], `${when}: everything is compressed`);
}

/** A log with a line in the live file. */
async function begun(context: TestContext): Promise<string> {
  const folder = tempFolder(context);
  mkdirSync(layoutOf(folder).logs, { recursive: true });
  await append(writerOf(folder, nodeFileSystem), 'early');
  return folder;
}

/** How many steps a process takes. */
async function stepsOf(context: TestContext, act: (writer: LogWriter) => Promise<unknown>): Promise<number> {
  const process = new SteppingFileSystem();
  await act(writerOf(await begun(context), process.fs));
  return process.steps.length;
}

async function append(writer: LogWriter, message = 'late'): Promise<void> {
  const written = writer.append(ID, [entry(message)]);
  await Promise.all([written, writer.idle(ID)]);
}

const compress = (writer: LogWriter): Promise<number> => writer.retention.compressAll(ID);

describe('a line written while other processes seal and compress the file (G1)', () => {
  it('exists once for any pause of the writer and any killed process', async (context) => {
    const [writing, compressing] = [await stepsOf(context, append), await stepsOf(context, compress)];
    assert.ok(writing >= 4 && compressing >= 12, `${writing} and ${compressing} steps`);
    const run = async (w: number, c: number, end: 'resume' | 'kill'): Promise<void> => {
      const folder = await begun(context);
      const writer = new SteppingFileSystem(w);
      const written = append(writerOf(folder, writer.fs));
      await writer.stopped;
      const compressor = new SteppingFileSystem(c);
      const compressed = compress(writerOf(folder, compressor.fs)).catch(() => {});
      await Promise.race([compressor.stopped, compressed]);
      writer.resume();
      await written;
      compressor[end]();
      await compressed;
      await check(folder, ['early', 'late'], `writer at ${w}, compressor at ${c}: ${end}`);
    };
    for (let w = 0; w < writing; w += 1) {
      const places = Array.from({ length: compressing + 1 }, (_, c) => c);
      await Promise.all(places.flatMap((c) => [run(w, c, 'resume'), run(w, c, 'kill')]));
    }
  });

  it('exists once if two processes compress the same part and one dies', async (context) => {
    const compressing = await stepsOf(context, compress);
    const run = async (first: number, second: number): Promise<void> => {
      const folder = await begun(context);
      // It has opened the live file and read where it ends.
      const writer = new SteppingFileSystem(3);
      const written = append(writerOf(folder, writer.fs));
      await writer.stopped;
      const compressors = [new SteppingFileSystem(first), new SteppingFileSystem(second)] as const;
      const done = compressors.map((each) => compress(writerOf(folder, each.fs)).catch(() => {}));
      await Promise.all(compressors.map(({ stopped }, index) => Promise.race([stopped, done[index]])));
      writer.resume();
      await written;
      compressors[0].kill();
      compressors[1].resume();
      await Promise.all(done);
      await check(folder, ['early', 'late'], `compressors at ${first} and ${second}`);
    };
    const places = Array.from({ length: compressing + 1 }, (_, c) => c);
    const others = places.filter((place) => place % 5 === 0);
    for (const first of places) await Promise.all(others.map((second) => run(first, second)));
  });

  it('exists at most once if its writer dies before the acknowledgement', async (context) => {
    const writing = await stepsOf(context, append);
    for (let w = 0; w <= writing; w += 1) {
      const folder = await begun(context);
      const writer = new SteppingFileSystem(w);
      const written = append(writerOf(folder, writer.fs)).catch(() => {});
      await Promise.race([writer.stopped, written]);
      await compress(writerOf(folder, nodeFileSystem));
      writer.kill();
      await written;
      const found = (await messages(folder)).filter((message) => message === 'late').length;
      assert.ok(found <= 1, `writer at ${w}: ${found} times`);
      await check(folder, found === 1 ? ['early', 'late'] : ['early'], `writer died at ${w}`);
    }
  });
});
