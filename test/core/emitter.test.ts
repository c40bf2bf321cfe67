import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Emitter } from '../../src/core/emitter.ts';

interface Events {
  said: { word: string };
  done: { ok: boolean };
}

function recording(): { emitter: Emitter<Events>; errors: unknown[] } {
  const errors: unknown[] = [];
  return { emitter: new Emitter<Events>((error) => errors.push(error)), errors };
}

test('listeners receive their event in the order of registration (F5)', () => {
  const { emitter } = recording();
  const heard: string[] = [];
  emitter.on('said', ({ word }) => heard.push(`a ${word}`));
  emitter.on('done', ({ ok }) => heard.push(`done ${ok}`));
  emitter.on('said', ({ word }) => heard.push(`b ${word}`));
  emitter.emit('said', { word: 'hi' });
  emitter.emit('done', { ok: true });
  assert.deepEqual(heard, ['a hi', 'b hi', 'done true']);
});

test('a listener that throws is reported, and the others still run', () => {
  const { emitter, errors } = recording();
  const heard: string[] = [];
  emitter.on('said', () => {
    throw new Error('broken');
  });
  emitter.on('said', ({ word }) => heard.push(word));
  emitter.emit('said', { word: 'hi' });
  assert.deepEqual([heard, String(errors[0])], [['hi'], 'Error: broken']);
});

test('an asynchronous listener that fails is reported too, instead of ending the process', async () => {
  const { emitter, errors } = recording();
  emitter.on('said', async () => {
    await Promise.resolve();
    throw new Error('broken later');
  });
  emitter.emit('said', { word: 'hi' });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(errors.map(String), ['Error: broken later']);
});

test('without an error handler a failing listener still breaks nothing', () => {
  const emitter = new Emitter<Events>();
  emitter.on('said', () => {
    throw new Error('broken');
  });
  emitter.emit('said', { word: 'hi' });
});

test('a function that is registered twice is called twice, and each registration ends separately', () => {
  const { emitter } = recording();
  let calls = 0;
  const listener = (): void => {
    calls += 1;
  };
  const first = emitter.on('said', listener);
  emitter.on('said', listener);
  first.dispose();
  first.dispose();
  emitter.emit('said', { word: 'hi' });
  assert.equal(calls, 1);
});

test('a listener removed during an event is no longer called, and one added then gets the next event', () => {
  const { emitter } = recording();
  const heard: string[] = [];
  emitter.on('said', ({ word }) => {
    second.dispose();
    emitter.on('said', () => heard.push(`late ${word}`));
  });
  const second = emitter.on('said', () => heard.push('second'));
  emitter.emit('said', { word: 'one' });
  assert.deepEqual(heard, []);
  emitter.emit('said', { word: 'two' });
  assert.deepEqual(heard, ['late one']);
});

test('it reports whether it has listeners, and has none after the end', () => {
  const { emitter } = recording();
  assert.equal(emitter.has('said'), false);
  const registration = emitter.on('said', () => assert.fail('called after the end'));
  assert.deepEqual([emitter.has('said'), emitter.has('done')], [true, false]);
  emitter.dispose();
  emitter.emit('said', { word: 'hi' });
  assert.equal(emitter.has('said'), false);
  registration.dispose();
});

test('any sequence of adding, removing and emitting reaches exactly the current listeners', () => {
  const steps = fc.array(fc.oneof(fc.constant('on' as const), fc.constant('emit' as const), fc.nat(9)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const { emitter } = recording();
      const listeners: { heard: number; expected: number; on: boolean; stop: () => void }[] = [];
      for (const step of all) {
        if (step === 'on') {
          const listener = { heard: 0, expected: 0, on: true, stop: (): void => {} };
          const registration = emitter.on('said', () => {
            listener.heard += 1;
          });
          listener.stop = () => registration.dispose();
          listeners.push(listener);
        } else if (step === 'emit') {
          for (const listener of listeners) if (listener.on) listener.expected += 1;
          emitter.emit('said', { word: 'hi' });
        } else {
          listeners[step]?.stop();
          Object.assign(listeners[step] ?? {}, { on: false });
        }
      }
      for (const { heard, expected } of listeners) assert.equal(heard, expected);
    }),
  );
});
