import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arrivals } from '../../../src/store/postgres/arrivals.ts';
import { until } from '../../support/temp-folder.ts';

describe('notices of new lines', () => {
  it('need no read while this process appends, and one after its last append', async () => {
    let reads = 0;
    const arrivals = new Arrivals(
      () => 0,
      () => {
        reads += 1;
      },
    );
    arrivals.noticed(1);
    assert.equal(reads, 1, 'a process that does not append reads at once');
    for (let append = 0; append < 50; append += 1) {
      await arrivals.during(async () => arrivals.noticed(append + 2));
    }
    assert.equal(reads, 1, 'each append catches up');
    await until('the last notice is read', async () => reads === 2);
    arrivals.stop();
  });
});
