import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownField, shownText } from '../../../src/vscode/task/shown-text.ts';
import { taskWith } from '../../core/fixtures.ts';

test('unprintable characters are shown as codes in every editable field', () => {
  const task = taskWith({ title: 'One\nTwo\u202e', description: 'a\u202eb\n\tc', instructions: undefined as never });
  assert.equal(shownField(task, 'title'), 'One Two');
  assert.equal(shownField(task, 'description'), 'a\\u{202e}b\n\tc');
  assert.equal(shownField(task, 'instructions'), '');
  assert.equal(shownText('plain'), 'plain');
});
