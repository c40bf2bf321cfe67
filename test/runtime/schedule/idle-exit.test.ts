import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdleExit } from '../../../src/runtime/schedule/idle-exit.ts';

test('a worker exits after its idle time, unless work arrives while it exits', async () => {
  let now = 0;
  let busy = true;
  let work = true;
  const steps: string[] = [];
  const idle = new IdleExit({
    idleMs: 100,
    isBusy: () => busy,
    withdraw: async () => void steps.push('withdraw'),
    announce: async () => void steps.push('announce'),
    findsWork: async () => work,
    now: () => now,
  });
  now = 1_000;
  assert.equal(await idle.isDue(), false, 'it is busy');
  busy = false;
  now = 1_099;
  assert.equal(await idle.isDue(), false, 'it was busy a moment ago');
  assert.deepEqual(steps, []);
  now = 1_100;
  assert.equal(await idle.isDue(), false, 'a task came meanwhile');
  assert.deepEqual(steps, ['withdraw', 'announce']);
  work = false;
  assert.equal(await idle.isDue(), true);
  assert.deepEqual(steps, ['withdraw', 'announce', 'withdraw']);
});

test('a worker without an idle time never exits on its own', async () => {
  const never = async (): Promise<never> => assert.fail('it must stay');
  const parts = { isBusy: () => false, withdraw: never, announce: never, findsWork: never, now: () => 1e9 };
  assert.equal(await new IdleExit({ ...parts, idleMs: undefined }).isDue(), false);
});
