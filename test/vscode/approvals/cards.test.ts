import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cardDiff } from '../../../src/vscode/approvals/card-diff.ts';
import { cardOf, keyOf } from '../../../src/vscode/approvals/cards.ts';
import { outcomeWords } from '../../../src/vscode/approvals/outcome.ts';
import type { PendingApproval } from '../../../src/vscode/folders/pending-approvals.ts';
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

describe('cards of the approvals page', () => {
  test('name the agent and the request, without active content', () => {
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

  test('show the script of a gate, the question, and the arguments of a tool', () => {
    assert.equal(cardOf(request({ kind: 'gate' }, { instructions: 'make' }), false).text, 'make');
    assert.equal(cardOf(request({ kind: 'feedback', detail: { question: 'Why?' } }), false).text, 'Why?');
    assert.equal(cardOf(request({ detail: { input: { a: 1 } } }), false).text, '{\n  "a": 1\n}');
    assert.equal(cardOf(request({ detail: { command: 'x'.repeat(9_999) } }), false).text?.length, 4_001);
  });

  test('state when they are truncated', () => {
    const diffs = Array.from({ length: 30 }, (_, n) => ({ path: `/work/tally/f${n}`, oldText: 'a\n', newText: 'b\n' }));
    const many = cardOf(request({ detail: { diffs } }), false);
    assert.deepEqual([many.diffs.length, many.files.length, many.moreFiles], [5, 20, 5]);
    assert.equal(many.files[0], 'f5');
    const named = cardOf(request({ detail: { files: ['/work/tally/.env', '/etc/passwd'] } }), false);
    assert.deepEqual([named.files, named.moreFiles], [['.env', '/etc/passwd'], 0]);
    assert.equal(cardOf(request({ detail: { command: `${'x'.repeat(4_000)}; rm` } }), false).moreText, 4);
    assert.equal(cardOf(request({ detail: { command: 'ls' } }), false).moreText, 0);
  });

  test('show invisible characters', () => {
    const text = (command: string): string | undefined => cardOf(request({ detail: { command } }), false).text;
    assert.equal(
      text('ls\u{e0041}\u00ad\u2028\u3164\u034fx\ufe01'),
      'ls\\u{e0041}\\u{00ad}\\u{2028}\\u{3164}\\u{034f}x\\u{fe01}',
    );
    assert.equal(text('a\r\n\tb ⚠\ufe0f ü 漢'), 'a\n\tb ⚠\ufe0f ü 漢');
  });

  test('show line ends only where they differ', () => {
    const shown = (oldText: string, newText: string): string[] =>
      cardOf(request({ detail: { diffs: [{ path: 'f', oldText, newText }] } }), false).diffs.flatMap(({ lines }) =>
        lines.map(({ kind, text }) => `${kind} ${text}`),
      );
    assert.deepEqual(shown('a\r\nb\r\n', 'a\r\nc\r\n'), ['same a', 'removed b', 'added c']);
    assert.deepEqual(shown('a\r\n', 'a\n'), ['removed a\\u{000d}', 'added a']);
  });

  test('of a gate change with the started work and not with the title', () => {
    const gate = (task: object): string => keyOf(request({ kind: 'gate' }, { id: 'task_one', ...task }));
    assert.notEqual(gate({ instructions: 'true' }), gate({ instructions: 'rm -rf .' }));
    assert.notEqual(gate({ instructions: 'true' }), gate({ instructions: 'true', tool: 'CODEX' }));
    assert.equal(gate({ instructions: 'true' }), gate({ instructions: 'true', title: 'Another' }));
  });

  test('have unique keys', () => {
    const keys = [request({}), request({ id: 'a2' }), request({}, { id: 'task_other' })].map(keyOf);
    assert.equal(new Set(keys).size, 3);
  });
});

describe('changes on a card', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));

  test('list all removed and added lines, and count the hidden ones', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { lines, more } = cardDiff('f', before, after);
        const shown = lines.filter(({ kind }) => kind === 'added' || kind === 'removed').length;
        // What is alike at both ends is no change; what is left is told in full or counted. A last line without an end
        // has one line more that says so.
        const count = (each: string): number =>
          each === '' ? 0 : each.endsWith('\n') ? each.split('\n').length - 1 : each.split('\n').length + 1;
        const net = count(after) - count(before);
        const sum = (wanted: string): number => lines.filter(({ kind }) => kind === wanted).length;
        if (more === 0) assert.equal(sum('added') - sum('removed'), net);
        assert.ok(shown + more >= Math.abs(net));
        assert.equal(shown + more === 0, before === after);
      }),
    );
  });

  test('show part of both sides of a too long change', () => {
    const long = (mark: string): string => Array.from({ length: 100 }, (_, n) => `${mark}${n}`).join('\n');
    const { lines, more } = cardDiff('f', `${long('old')}\n`, `${long('new')}\n`);
    const count = (wanted: string): number => lines.filter(({ kind }) => kind === wanted).length;
    assert.deepEqual([count('removed'), count('added'), more], [12, 12, 176]);
    assert.equal(cardDiff('f', '', `${'x'.repeat(1_000)}\n`).lines[0]?.text.length, 401);
    assert.equal(cardDiff('f', '', `${'x'.repeat(1_000)}\n`).long, 1);
  });

  test('keep two lines of context', () => {
    assert.deepEqual(
      cardDiff('f', '1\n2\n3\n4\n5\n6\n', '1\n2\n3\nfour\n5\n6\n').lines.map(({ kind, text }) => `${kind} ${text}`),
      ['same 2', 'same 3', 'removed 4', 'added four', 'same 5', 'same 6'],
    );
  });
});

describe('the result of decisions', () => {
  test('is counted by outcome, and a request decided elsewhere is no failure', () => {
    const of = (done: number, gone: number, task?: number): string => outcomeWords('approve', { done, gone, task });
    assert.equal(of(1, 0, 3), 'Approved for #3.');
    assert.equal(of(2, 1), '2 requests approved. 1 request was already decided or has changed.');
    assert.equal(of(0, 1, 3), '1 request was already decided or has changed.');
    assert.equal(of(0, 2), '2 requests were already decided or have changed.');
    assert.equal(outcomeWords('reject', { done: 1, gone: 0 }), '1 request rejected.');
  });
});

describe('messages of the page', () => {});
