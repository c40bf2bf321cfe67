import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closeSession } from '../../../src/runtime/conversation/close-session.ts';

const never = new Promise<never>(() => {});

describe('closing a session', () => {
  it('returns the end state of the agent', async () => {
    const ended = Promise.resolve({ exitCode: 3 });
    const end = await closeSession({ close: async () => {}, ended }, () => assert.fail('it was in time'));
    assert.deepEqual(end, { exitCode: 3 });
  });

  for (const [name, session] of [
    ['does not close', { close: () => never, ended: Promise.resolve({}) }],
    ['closes and does not end', { close: async () => {}, ended: never }],
  ] as const) {
    it(`continues and logs the reason if the session ${name}`, async () => {
      let late = 0;
      const tell = (): void => {
        late += 1;
      };
      assert.deepEqual(await closeSession(session, tell, 10), {});
      assert.equal(late, 1);
    });
  }

  it('rethrows the error of a session that cannot be closed', async () => {
    const close = (): Promise<void> => Promise.reject(new Error('broken'));
    await assert.rejects(
      closeSession({ close, ended: never }, () => {}),
      /broken/,
    );
  });
});
