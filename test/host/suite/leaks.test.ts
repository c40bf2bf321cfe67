import assert from 'node:assert/strict';
import { eventually, test } from './runner.ts';
import { Ledger, secondCopy, watchEditor } from './second-copy.ts';

test('activating and deactivating twice leaves no handles', async () => {
  const { copy, context } = await secondCopy('leaks');
  const ledger = new Ledger();
  watchEditor(ledger);
  const resources = (): number => process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').length;
  try {
    const counts: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const exported = await copy.activate(context);
      await exported.getStore();
      // The last registration after the start.
      await eventually(() => assert.ok(ledger.given.delete('createChatParticipant')));
      await copy.deactivate();
      assert.deepEqual(ledger.open, [], `not given back, of ${ledger.made}`);
      counts.push(resources());
    }
    assert.ok(ledger.made > 60, `${ledger.made} is too few: something is not counted`);
    // Timers of the editor come and go; what grows with each round is ours.
    await eventually(() => assert.ok(resources() <= (counts[0] ?? 0) + 2, `${counts.join(', ')}, now ${resources()}`));
  } finally {
    ledger.restore();
  }
});
