import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Progress, takeSteps } from '../../src/core/steps.ts';

describe('takeSteps', () => {
  const steps = (taken: string[], onTake: (item: string) => void = () => {}) => ({
    message: (item: string) => `Taking ${item}`,
    take: async (item: string) => {
      onTake(item);
      taken.push(item);
    },
  });

  it('runs every step in order and reports each before it starts', async () => {
    const taken: string[] = [];
    const reports: Progress[] = [];
    const options = { progress: (progress: Progress) => void reports.push({ ...progress, done: taken.length }) };
    assert.equal(await takeSteps(['a', 'b'], options, steps(taken)), null);
    assert.deepEqual(taken, ['a', 'b']);
    assert.deepEqual(reports, [
      { done: 0, total: 2, message: 'Taking a' },
      { done: 1, total: 2, message: 'Taking b' },
    ]);
  });

  it('stops between two steps when the signal aborts', async () => {
    const controller = new AbortController();
    const taken: string[] = [];
    const stopped = await takeSteps(
      ['a', 'b', 'c'],
      controller,
      steps(taken, (item) => item === 'b' && controller.abort()),
    );
    assert.deepEqual(stopped, { done: 2, total: 3 });
    assert.deepEqual(taken, ['a', 'b']);
  });

  it('ignores a step that fails after the abort, and rethrows other failures', async () => {
    const controller = new AbortController();
    const fail = { message: String, take: () => Promise.reject(new Error('broken')) };
    await assert.rejects(takeSteps(['a'], controller, fail), /broken/);
    const interrupted = {
      message: String,
      take: async () => {
        controller.abort();
        throw new Error('git ended by SIGINT');
      },
    };
    assert.deepEqual(await takeSteps(['a', 'b'], controller, interrupted), { done: 0, total: 2 });
  });
});
