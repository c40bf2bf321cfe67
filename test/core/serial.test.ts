import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { Serial } from '../../src/core/serial.ts';

test('jobs of any length run one after the other in the order of submission', async () => {
  const works = fc.array(fc.record({ turns: fc.nat(4), fails: fc.boolean() }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(works, async (all) => {
      const serial = new Serial();
      const log: string[] = [];
      const results = all.map(({ turns, fails }, index) =>
        serial.run(async () => {
          log.push(`begin ${index}`);
          for (let i = 0; i < turns; i += 1) await turn();
          log.push(`end ${index}`);
          if (fails) throw new Error(`${index} failed`);
          return index;
        }),
      );
      const settled = await Promise.allSettled(results);
      assert.deepEqual(
        log,
        all.flatMap((_, index) => [`begin ${index}`, `end ${index}`]),
      );
      settled.forEach((result, index) => {
        if (all[index]?.fails === true) assert.equal(result.status, 'rejected');
        else assert.deepEqual(result, { status: 'fulfilled', value: index });
      });
    }),
    { numRuns: 50 },
  );
});

test('a job that throws synchronously fails like any other, and the next one runs', async () => {
  const serial = new Serial();
  const failing = serial.run((): Promise<number> => {
    throw new Error('at once');
  });
  await assert.rejects(failing, /at once/);
  assert.equal(await serial.run(async () => 2), 2);
});

test('idle waits for all submitted jobs, including failures', async () => {
  const serial = new Serial();
  let done = false;
  const failing = serial.run(async () => {
    await turn();
    done = true;
    throw new Error('failed');
  });
  await Promise.all([serial.idle(), assert.rejects(failing)]);
  assert.equal(done, true);
  await serial.idle();
});
