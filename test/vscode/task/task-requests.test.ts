import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Approval } from '../../../src/core/task/approval.ts';
import type { TaskFolder } from '../../../src/vscode/folders/task-folder.ts';
import { taskRequests } from '../../../src/vscode/task/task-requests.ts';
import { at, taskWith } from '../../core/fixtures.ts';

const folder = { path: '/work/tally', name: 'tally' } as unknown as TaskFolder;

function textOf(fields: Partial<Approval>): string | undefined {
  const approval = {
    id: 'a1',
    number: 1,
    kind: 'tool',
    title: 'Edit',
    status: 'pending',
    requested_at: at(0),
    ...fields,
  };
  return taskRequests(folder, taskWith({ status: 'in_progress', approvals: [approval as Approval] }))[0]?.text;
}

test('a request on the page of a task names the files that it would change', () => {
  const diffs = ['a.ts', 'b.ts'].map((name) => ({ path: `/work/tally/src/${name}`, newText: '' }));
  assert.equal(textOf({ detail: { diffs } }), 'src/a.ts\nsrc/b.ts');
  assert.equal(textOf({ detail: { files: ['/etc/passwd'] } }), '/etc/passwd');
  assert.equal(textOf({ detail: { command: 'ls' } }), 'ls');
  assert.equal(textOf({}), undefined);
});

test('a request on the page of a task states the size of a part that is not shown', () => {
  const text = textOf({ detail: { command: `${'x'.repeat(4_000)}; rm` } });
  assert.match(text ?? '', /x…\n4 more characters\. Select Open to see all\.$/);
  const files = Array.from({ length: 30 }, (_, n) => `/work/tally/f${n}`);
  assert.match(textOf({ detail: { files } }) ?? '', /f19\n10 more files\. Select Open to see all\.$/);
});
