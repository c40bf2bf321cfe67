import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import {
  type ConversationEvent,
  type ConversationState,
  isOpen,
  nextState,
  restOf,
} from '../../../src/runtime/conversation/states.ts';
import { newTask } from '../../core/fixtures.ts';

const states = ['opening', 'prompting', 'asking', 'idle', 'closing', 'ended'] as const;
const events = ['opened', 'prompted', 'asked', 'rested', 'closed', 'gone'] as const;

/** Each row a state, each column an event, in the orders above. */
const table = `
  prompting  -          -       -     closing  -
  -          prompting  asking  idle  closing  -
  -          prompting  -       -     closing  -
  -          prompting  -       -     closing  -
  -          -          -       -     closing  ended
  -          -          -       -     -        -
`;

describe('the states of a conversation', () => {
  const rows = table.trim().split('\n');
  for (const [row, state] of states.entries()) {
    it(`from ${state} match the table`, () => {
      const expected = (rows[row] ?? '').trim().split(/\s+/);
      for (const [column, event] of events.entries()) {
        const to = expected[column];
        if (to === '-') {
          assert.throws(
            () => nextState(state, event),
            (error) => TaskError.is(error, 'Internal'),
          );
        } else assert.equal(nextState(state, event), to);
      }
    });
  }

  it('all lead to the end', () => {
    const way = (from: ConversationState, ...by: ConversationEvent[]): ConversationState => by.reduce(nextState, from);
    for (const state of states.filter((each) => each !== 'ended')) assert.equal(way(state, 'closed', 'gone'), 'ended');
  });
});

describe('an open session', () => {
  const question = (status: 'pending' | 'approved'): TaskRecord['approvals'] => [
    {
      id: 'a',
      number: 1,
      kind: 'feedback',
      status,
      title: 'Which?',
      requested_at: '2026-01-01T00:00:00.000Z',
    } as never,
  ];
  const idle = { ...newTask({ title: 'x' }), status: 'completed_active' } as TaskRecord;
  const asking = { ...idle, status: 'paused', pause_reason: 'approval', approvals: question('pending') } as TaskRecord;
  const prompted = { ...idle, follow_ups: [{ id: 'f', prompt: 'more', at: '2026-01-01T00:00:00.000Z' }] } as TaskRecord;
  const reviewed = { ...idle, review: 'required' } as TaskRecord;
  const answered = { ...asking, approvals: question('approved') } as TaskRecord;
  const now = { gone: false, leftMs: 5_000, holdsUpOthers: false };

  for (const [what, task, change, rest] of [
    ['waits for a follow-up', idle, {}, { do: 'wait', ms: 5_000 }],
    ['takes a follow-up, however late', prompted, { leftMs: -1 }, { do: 'follow-up' }],
    ['completes its task when it was idle for long', idle, { leftMs: 0 }, { do: 'accept', reason: 'idle' }],
    [
      'completes its task when others wait',
      idle,
      { holdsUpOthers: true },
      { do: 'accept', reason: 'other work waits for it' },
    ],
    ['completes its task when its agent is gone', idle, { gone: true }, { do: 'accept', reason: 'its session ended' }],
    [
      'waits for a review as long as it takes',
      reviewed,
      { leftMs: -1, holdsUpOthers: true },
      { do: 'wait', ms: 60_000 },
    ],
    ['waits for an answer', asking, { holdsUpOthers: true }, { do: 'wait', ms: 5_000 }],
    ['is closed when the answer takes long', asking, { leftMs: 0 }, { do: 'close' }],
    ['is closed when its agent is gone before the answer', asking, { gone: true }, { do: 'close' }],
    ['takes an answer first', answered, { gone: true, leftMs: -1 }, { do: 'answer' }],
  ] as const) {
    it(what, () => {
      assert.ok(isOpen(task));
      assert.deepEqual(restOf(task, { ...now, ...change }), rest);
    });
  }
});
