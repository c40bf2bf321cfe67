import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PendingApproval } from '../../../src/vscode/folders/pending-approvals.ts';
import { cardDiff } from '../../../src/vscode/inbox/card-diff.ts';
import { cardOf, keyOf } from '../../../src/vscode/inbox/cards.ts';
import { parseMessage } from '../../../src/vscode/inbox/messages.ts';
import { taskWith } from '../../core/fixtures.ts';

function request(approval: object, task: object = {}): PendingApproval {
  const folder = { path: '/work/tally', name: 'tally' };
  const full = {
    id: 'a1',
    number: 1,
    kind: 'tool',
    title: 't',
    status: 'pending',
    requested_at: '2026-01-01T00:00:00Z',
  };
  return { folder, task: taskWith(task), approval: { ...full, ...approval } } as unknown as PendingApproval;
}

describe('cards of the inbox', () => {
  test('say who asks for what, and hold nothing that acts when it is drawn', () => {
    const card = cardOf(
      request(
        { title: 'Run\u001b[2J it', detail: { command: 'echo a\u202eb\u0007\u001b[31mred' } },
        { title: 'One\nTwo', tool: 'CODEX' },
      ),
      true,
    );
    assert.match(card.task, /^#\d+ One Two$/);
    assert.equal(card.title, 'Run it');
    assert.equal(card.about, 'CODEX · tool · tally');
    assert.equal(card.text, 'echo a\\u{202e}b\\u{0007}\\u{001b}[31mred');
  });

  test('show what a gate would run, what a question asks, and what a tool is given', () => {
    assert.equal(cardOf(request({ kind: 'gate' }, { instructions: 'make' }), false).text, 'make');
    assert.equal(cardOf(request({ kind: 'feedback', detail: { question: 'Why?' } }), false).text, 'Why?');
    assert.equal(cardOf(request({ detail: { input: { a: 1 } } }), false).text, '{\n  "a": 1\n}');
    assert.equal(cardOf(request({ detail: { command: 'x'.repeat(9_999) } }), false).text?.length, 4_001);
  });

  test('have keys of their own', () => {
    const keys = [request({}), request({ id: 'a2' }), request({}, { id: 'task_other' })].map(keyOf);
    assert.equal(new Set(keys).size, 3);
  });
});

describe('changes on a card', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));

  test('have all lines that go and all that come, and count what does not fit', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { lines, more } = cardDiff('f', before, after);
        const shown = lines.filter(({ kind }) => kind === 'added' || kind === 'removed').length;
        // What is alike at both ends is no change; what is left is told in full or counted.
        const [a, b] = [before, after].map((each) => (each === '' ? [] : each.replace(/\n$/, '').split('\n')));
        const net = (b?.length ?? 0) - (a?.length ?? 0);
        const sum = (wanted: string): number => lines.filter(({ kind }) => kind === wanted).length;
        if (more === 0) assert.equal(sum('added') - sum('removed'), net);
        assert.ok(shown + more >= Math.abs(net));
        assert.equal(shown + more === 0, JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test('show something of both sides of a change that is too long', () => {
    const long = (mark: string): string => Array.from({ length: 100 }, (_, n) => `${mark}${n}`).join('\n');
    const { lines, more } = cardDiff('f', long('old'), long('new'));
    const count = (wanted: string): number => lines.filter(({ kind }) => kind === wanted).length;
    assert.deepEqual([count('removed'), count('added'), more], [12, 12, 176]);
    assert.equal(cardDiff('f', '', `${'x'.repeat(1_000)}\n`).lines[0]?.text.length, 401);
  });

  test('keep two lines around it', () => {
    assert.deepEqual(
      cardDiff('f', '1\n2\n3\n4\n5\n6\n', '1\n2\n3\nfour\n5\n6\n').lines.map(({ kind, text }) => `${kind} ${text}`),
      ['same 2', 'same 3', 'removed 4', 'added four', 'same 5', 'same 6'],
    );
  });
});

describe('messages of the page', () => {
  test('are taken when they are exactly what they should be', () => {
    const good = [
      { type: 'ready' },
      { type: 'decide', keys: ['k'], decision: 'reject', reason: 'no' },
      { type: 'rule', key: 'k' },
      { type: 'trust' },
    ];
    for (const message of good) assert.deepEqual(parseMessage(message), message);
    const bad = [
      undefined,
      'ready',
      { type: 'run', command: 'rm' },
      { type: 'decide', keys: [], decision: 'approve' },
      { type: 'decide', keys: ['k'], decision: 'approve', as: 'root' },
      { type: 'decide', keys: ['k'], decision: 'forever' },
      { type: 'open', key: 1 },
      { type: 'rule', key: '' },
    ];
    for (const message of bad) assert.equal(parseMessage(message), undefined, JSON.stringify(message));
  });
});
