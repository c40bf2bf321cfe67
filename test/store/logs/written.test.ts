import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { type FileSystem, nodeFileSystem } from '../../../src/store/file/disk/file-system.ts';
import { layoutOf } from '../../../src/store/file/disk/layout.ts';
import { LogReader } from '../../../src/store/file/logs/files.ts';
import { logFile } from '../../../src/store/file/logs/layout.ts';
import { LogWriter } from '../../../src/store/file/logs/writer.ts';
import { WrittenFiles } from '../../../src/store/file/logs/written.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ID = 'task_1';
/** So small that a few batches end a part. */
const limits = { partBytes: 2_000, capBytes: 8_000, maxBytes: 1_000_000, settleMs: 0 };

type Step =
  | { readonly append: readonly (0 | 1)[]; readonly entries: number }
  | { readonly count: 0 | 1 }
  /** A program that dies in a line, and one that removes the file. */
  | { readonly outside: 'tear' | 'remove' };

const either = fc.constantFrom(0 as const, 1 as const);
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        append: fc.array(either, { minLength: 1, maxLength: 3 }),
        entries: fc.integer({ min: 1, max: 12 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ count: either }) },
    { weight: 1, arbitrary: fc.record({ outside: fc.constantFrom('tear' as const, 'remove' as const) }) },
  ),
  { minLength: 1, maxLength: 14 },
);

/** A process that writes and reads the logs of a folder. */
function processOf(folder: string, fs: FileSystem = nodeFileSystem): { writer: LogWriter; reader: LogReader } {
  const layout = layoutOf(folder);
  const files = new WrittenFiles();
  const reader = new LogReader(fs, layout, layout.logs, files);
  const writer = new LogWriter({
    fs,
    root: layout.logs,
    limits,
    files,
    written: () => {},
    deleted: () => false,
    putAside: async () => {},
    ended: (id) => reader.count(id),
    report: (error) => assert.fail(String(error)),
  });
  return { writer, reader };
}

const entry = { timestamp: '2026-01-01T00:00:00.000Z', level: 'info', type: 'output' } as const;

describe('counting what a process wrote itself', () => {
  it('gives the count of a reader that knows nothing, for any change that others make', async (context) => {
    let [folders, lines] = [0, 0];
    const root = tempFolder(context);
    await fc.assert(
      fc.asyncProperty(steps, async (plan: readonly Step[]) => {
        folders += 1;
        const folder = `${root}/${folders}`;
        const layout = layoutOf(folder);
        mkdirSync(layout.logs, { recursive: true });
        const file = logFile(layout.logs, ID);
        const processes = [processOf(folder), processOf(folder)] as const;
        for (const step of plan) {
          if ('append' in step) {
            const append = (by: 0 | 1): Promise<void> => {
              const entries = Array.from({ length: step.entries + by }, () => ({
                ...entry,
                message: `line ${lines++}`,
              }));
              return processes[by].writer.append(ID, entries, { soon: true });
            };
            await Promise.all(step.append.map(append));
          } else if ('count' in step) {
            await processes[step.count].reader.count(ID);
          } else if (step.outside === 'tear') {
            appendFileSync(file, '{"timestamp":');
          } else {
            // A count that is under way has the file open.
            for (const { writer } of processes) await writer.idle(ID);
            rmSync(file, { force: true });
          }
        }
        for (const { writer } of processes) await writer.idle(ID);
        const expected = await new LogReader(nodeFileSystem, layout).count(ID);
        for (const { reader } of processes) assert.equal(await reader.count(ID), expected);
        for (const { writer } of processes) await writer.close();
      }),
      { numRuns: 150 },
    );
  });

  it('reads what another process appended between the look at a file and the write', async (context) => {
    const folder = tempFolder(context);
    const layout = layoutOf(folder);
    mkdirSync(layout.logs, { recursive: true });
    const file = logFile(layout.logs, ID);
    let others = '';
    const open: FileSystem['open'] = async (...args) => {
      const handle = await nodeFileSystem.open(...args);
      const write = handle.write.bind(handle) as (...rest: unknown[]) => Promise<unknown>;
      const late = (...rest: unknown[]): Promise<unknown> => {
        appendFileSync(file, others);
        return write(...rest);
      };
      return Object.assign(handle, { write: late });
    };
    const { writer, reader } = processOf(folder, { ...nodeFileSystem, open });
    await writer.append(ID, [{ ...entry, message: 'first' }], { soon: true });
    others = `${JSON.stringify({ ...entry, message: 'a' })}\n`.repeat(3);
    await writer.append(ID, [{ ...entry, message: 'long enough to cover some of the others'.repeat(9) }], {
      soon: true,
    });
    others = '';
    appendFileSync(file, `${JSON.stringify({ ...entry, message: 'x'.repeat(40_000) })}\n`);
    assert.equal(await reader.count(ID), 6);
    await writer.close();
  });

  it('reads what another process appends to a file that it opened before the file was ended', async (context) => {
    const folder = tempFolder(context);
    const layout = layoutOf(folder);
    mkdirSync(layout.logs, { recursive: true });
    const [late, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const open: FileSystem['open'] = async (...args) => {
      const handle = await nodeFileSystem.open(...args);
      const write = handle.write.bind(handle);
      return Object.assign(handle, {
        write: async (...rest: Parameters<typeof write>) => {
          opened.resolve();
          await late.promise;
          return write(...rest);
        },
      });
    };
    const [first, second] = [processOf(folder), processOf(folder, { ...nodeFileSystem, open })];
    await first.writer.append(ID, [{ ...entry, message: 'first' }], { soon: true });
    const appending = second.writer.append(ID, [{ ...entry, message: 'late' }], { soon: true });
    await opened.promise;
    await first.writer.append(ID, [{ ...entry, message: 'x'.repeat(limits.partBytes) }], { soon: true });
    await first.writer.idle(ID);
    assert.equal(await first.reader.count(ID), 2);
    late.resolve();
    await appending;
    assert.equal(await first.reader.count(ID), 3);
    for (const { writer } of [first, second]) await writer.close();
  });

  it('knows no file without a time of birth, whose inode another file can get', () => {
    const files = new WrittenFiles();
    files.appended({ ino: 1, birthtimeMs: 0 }, 0, 10, 1);
    files.appended({ ino: 2, birthtimeMs: 5 }, 0, 10, 1);
    assert.equal(files.startOf({ ino: 1, birthtimeMs: 0 }), undefined);
    assert.equal(files.startOf({ ino: 2, birthtimeMs: 5 })?.bytes, 10);
  });

  it('knows a file that was just born once it has outlived a step of the clock', async () => {
    const files = new WrittenFiles();
    const born = { ino: 1, birthtimeMs: Date.now() + 0.5 };
    files.appended(born, 0, 10, 1);
    assert.equal(files.startOf(born), undefined);
    await setTimeout(30);
    files.appended(born, 10, 5, 1);
    assert.equal(files.startOf(born)?.bytes, 15);
    assert.equal(files.startOf(born)?.entries, 2);
  });
});
