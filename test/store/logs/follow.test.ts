import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import { LogFollow } from '../../../src/store/logs/follow.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

interface Bench {
  readonly reported: string[];
  /** Writes a line now, before an earlier one if it is late, by a clock that may be ahead by some milliseconds. */
  write(message: string, at?: number, ahead?: number): void;
  /** Makes the next read fail. */
  fail(): void;
  /** Lets time pass, and everything that waits for it happen. */
  pass(ms: number): Promise<void>;
}

/** A followed log whose reader gives lines in causal order. */
function bench(context: TestContext): Bench {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START });
  const log: TaskLogEntry[] = [];
  const reported: string[] = [];
  let failing = false;
  const follow = new LogFollow(
    async ({ after = 0, limit = 1_000 }) => {
      if (failing) {
        failing = false;
        throw new Error('a part is being moved');
      }
      const entries = log.slice(after, after + limit);
      return { entries, start: after, next: after + entries.length };
    },
    0,
    (entries) => reported.push(...entries.map(({ message }) => message)),
  );
  context.after(() => follow.dispose());
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    reported,
    fail() {
      failing = true;
    },
    write(message, at = log.length, ahead = 0) {
      const timestamp = new Date(Date.now() + ahead).toISOString();
      log.splice(at, 0, { timestamp, level: 'info', type: 'system', message });
      follow.poke();
    },
    async pass(ms) {
      await settle();
      context.mock.timers.tick(ms);
      await settle();
    },
  };
}

describe('following a log of several processes', () => {
  it('reads the last line after a failed read, though no further line comes', async (context) => {
    const { reported, fail, write, pass } = bench(context);
    fail();
    write('the last one');
    await pass(500);
    assert.deepEqual(reported, []);
    await pass(600);
    assert.deepEqual(reported, ['the last one']);
  });

  it('reports a line that is written late in front of the line that follows it', async (context) => {
    const { reported, write, pass } = bench(context);
    write('Task created');
    await pass(500);
    write('Started');
    await pass(40);
    assert.deepEqual(reported, ['Task created']);
    write('Queued', 1);
    await pass(500);
    assert.deepEqual(reported, ['Task created', 'Queued', 'Started']);
  });

  it('reports each line once while others keep coming, and those of a clock that is ahead', async (context) => {
    const { reported, write, pass } = bench(context);
    for (let line = 0; line < 30; line += 1) {
      write(`${line}`);
      await pass(30);
    }
    assert.ok(reported.length >= 20, 'a line waits for late lines, not for a pause');
    write('ahead', undefined, 60_000);
    await pass(500);
    assert.deepEqual(reported, [...Array.from({ length: 30 }, (_, line) => `${line}`), 'ahead']);
  });
});
