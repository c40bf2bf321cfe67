import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from './runner.ts';

const id = 'systemprompt.systemprompt-tasks';

test('the extension is present', () => {
  assert.ok(vscode.extensions.getExtension(id), `${id} is not installed`);
});

test('the extension activates', async () => {
  const extension = vscode.extensions.getExtension(id);
  await extension?.activate();
  assert.equal(extension?.isActive, true);
});

test('the window under test is trusted', () => {
  assert.equal(vscode.workspace.isTrusted, true);
});
