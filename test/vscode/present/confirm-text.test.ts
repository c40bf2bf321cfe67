import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmText } from '../../../src/vscode/present/confirm-text.ts';

const run = { number: 3, title: 'Foreign', agent: 'SHELL', model: null, order: 'true', tools: null };

test('shows agent, model, tools and the whole content of each task', () => {
  const text = confirmText({
    tasks: [run, { ...run, number: 4, agent: 'CODEX', model: 'fast', tools: [], order: 'line 1\nline 2' }],
    playing: true,
  });
  assert.equal(
    text,
    [
      '#3 Foreign\nagent SHELL\ntrue',
      '#4 Foreign\nagent CODEX (fast)\ntools: none\nline 1\nline 2',
      'The queue was started on another machine. It would run every pending task.',
    ].join('\n\n'),
  );
});

test('shows invisible characters of a title, a tool and a script as their codes', () => {
  const text = confirmText({
    tasks: [{ ...run, title: 'A\u202eB\nC', tools: ['x\u200by'], order: 'echo \u001b]0;x\u0007\n\u2066rm' }],
    playing: false,
  });
  assert.equal(
    text,
    '#3 A\\u{202e}B\\u{000a}C\nagent SHELL\ntools: x\\u{200b}y\necho \\u{001b}]0;x\\u{0007}\n\\u{2066}rm',
  );
});
