import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entrantText } from '../../../src/vscode/present/race-text.ts';

const entrant = {
  id: 'task_1',
  number: 5,
  title: 'Write it (CODEX)',
  agent: 'CODEX',
  model: 'gpt-5',
  status: 'completed' as const,
  error: null,
  picked: false,
  pickable: true,
  changes: { files: 2, added: 10, deleted: 3 },
  checks: { passed: 1, failed: 1 },
  duration: 61_000,
  tokens: 1_234,
  cost_usd: 0.5,
  notes: 'Done.',
  judge: null,
};

test('an entrant of a race is shown with its known numbers only', () => {
  assert.deepEqual(entrantText(entrant), {
    label: '#5 CODEX (gpt-5)',
    description: 'Completed · 2 files, +10 -3 · 1 of 2 checks passed · 1 min · 1,234 tokens · $0.50',
    detail: 'Done.',
  });
  const bare = { ...entrant, changes: null, checks: { passed: 0, failed: 0 }, duration: 0, tokens: null };
  assert.equal(entrantText({ ...bare, cost_usd: null, status: 'pending' }).description, 'Pending');
});

test('the opinion of the judge comes before the notes, and texts of agents show no icons', () => {
  const judge = { score: 8, notes: '$(check) Good\nwork', best: true };
  const { description, detail } = entrantText({ ...entrant, judge });
  assert.match(description, / · score 8 of 10$/);
  assert.equal(detail, '$ (check) Good work');
  assert.equal(entrantText({ ...entrant, notes: 'x'.repeat(500) }).detail.length, 200);
});
