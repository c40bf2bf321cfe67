import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOfRun, runMarker } from '../../../src/core/agent/run-marker.ts';

const ids = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/);

test('a marker matches the processes of its run and of all enclosing runs', () => {
  fc.assert(
    fc.property(ids, ids, ids, ids, (outer, outerNonce, inner, innerNonce) => {
      const marker = runMarker(inner, innerNonce, runMarker(outer, outerNonce));
      assert.equal(isOfRun(marker, outer, outerNonce), true);
      assert.equal(isOfRun(marker, inner, innerNonce), true);
      assert.equal(isOfRun(marker, inner), true);
    }),
  );
});

test('a marker matches no other task, no other run and no id with the same prefix', () => {
  fc.assert(
    fc.property(ids, ids, ids, ids, (id, nonce, otherId, otherNonce) => {
      const marker = runMarker(id, nonce);
      if (otherId !== id) assert.equal(isOfRun(marker, otherId), false);
      if (otherNonce !== nonce) assert.equal(isOfRun(marker, id, otherNonce), false);
      assert.equal(isOfRun(marker, id.slice(0, -1)), false);
      assert.equal(isOfRun(marker, `${id}x`), false);
    }),
  );
});

test('ids with any characters cannot be mistaken for a list of markers', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (id, other) => {
      assert.equal(isOfRun(runMarker(`${id},${other}:`, 'n'), other), false);
    }),
  );
});

test('without an enclosing run there is one marker', () => {
  assert.equal(runMarker('task_1', 'abc'), 'task_1:abc');
  assert.equal(runMarker('task_1', 'abc', ''), 'task_1:abc');
  assert.equal(isOfRun('', 'task_1'), false);
});
