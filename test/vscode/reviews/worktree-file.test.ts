import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { worktreeFile } from '../../../src/vscode/reviews/worktree-file.ts';
import { taskWith } from '../../core/fixtures.ts';

const workspace = {
  kind: 'worktree' as const,
  branch: 'systemprompt/7-prices',
  base_head: 'a'.repeat(40),
  base_commit: 'a'.repeat(40),
};
const inside = taskWith({ number: 7, workspace: { ...workspace, path: '.systemprompt/worktrees/7-prices' } });
const place = `/home/me/worktrees/shop-${'0'.repeat(12)}`;
const outside = taskWith({ number: 7, workspace: { ...workspace, path: '7-prices', place } });

const fileOf = (task: TaskRecord, path: string): string | undefined =>
  worktreeFile('/w/2-shop', (number) => (number === task.number ? task : undefined), path)?.file;

test('a file in a worktree is found inside of the folder and outside of it', () => {
  assert.equal(fileOf(inside, '/w/2-shop/.systemprompt/worktrees/7-prices/src/7-a.ts'), 'src/7-a.ts');
  assert.equal(fileOf(outside, `${place}/7-prices/src/a.ts`), 'src/a.ts');
});

test('a file elsewhere, or of merged work, belongs to no task', () => {
  assert.equal(fileOf(inside, '/w/2-shop/src/7-a.ts'), undefined);
  assert.equal(fileOf(inside, '/w/2-shop/.systemprompt/worktrees/7-prices-2/a.ts'), undefined);
  assert.equal(fileOf(outside, `${place}/7-prices`), undefined);
  const merged = { ...inside, workspace: { ...workspace, path: '7-prices', merged_at: '2026-01-01T00:00:00.000Z' } };
  assert.equal(fileOf(merged, '/w/2-shop/.systemprompt/worktrees/7-prices/a.ts'), undefined);
});
