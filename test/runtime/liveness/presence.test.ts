import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { announce, isOfEarlierBoot, livingWorkers } from '../../../src/runtime/liveness/presence.ts';
import { coordinationOf } from '../../../src/store/coordination.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const own = { host: 'box', boot: 'now' };
const bootedAt = Date.parse('2026-05-01T00:00:00.000Z');
const earlier = { host: 'box', boot: 'before', since: '2026-04-30T00:00:00.000Z' };

test('a presence without a machine id is of an earlier boot only if all other fields match', () => {
  assert.equal(isOfEarlierBoot(earlier, own, bootedAt), true);
  for (const [name, presence] of [
    ['another machine', { ...earlier, host: 'other' }],
    ['this boot', { ...earlier, boot: 'now' }],
    ['a system without boot ids', { host: 'box', since: earlier.since }],
    ['a worker that started after this boot', { ...earlier, since: '2026-05-02T00:00:00.000Z' }],
    ['a machine with an id', { ...earlier, machine: 'id' }],
    ['a time that is no time', { ...earlier, since: 'never' }],
  ] as const) {
    assert.equal(isOfEarlierBoot(presence, own, bootedAt), false, name);
  }
});

test('a folder that is gone has no living workers', async (context) => {
  const folder = tempFolder(context);
  const coordination = coordinationOf(folder);
  await announce(coordination, 'worker_1', 'foreground');
  assert.equal((await livingWorkers(coordination)).length, 1);
  rmSync(folder, { recursive: true });
  assert.deepEqual(await livingWorkers(coordination), []);
});
