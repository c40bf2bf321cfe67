import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../../src/store/postgres/database.ts';
import { Poll } from '../../../src/store/postgres/poll.ts';
import { ServerClock } from '../../../src/store/postgres/server-clock.ts';

test('a poll repeats what it found, because a read may have failed since', async () => {
  const row = { position: 1, shared: '0', now: 0 };
  const database = { query: async () => [{ ...row }] } as unknown as Database;
  const poll = new Poll(database, new ServerClock());
  assert.deepEqual(await poll.notices(1), [undefined], 'anything may have changed before the first one');
  row.position = 2;
  assert.deepEqual(await poll.notices(1), ['journal:2']);
  assert.deepEqual(await poll.notices(1), ['journal:2']);
  row.shared = '1';
  assert.deepEqual(await poll.notices(1), ['journal:2', 'shared:']);
  assert.deepEqual(await poll.notices(1), ['journal:2', 'shared:', 'log:'], 'every fifth one');
  assert.deepEqual(await poll.notices(1), ['journal:2']);
});
