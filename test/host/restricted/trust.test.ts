import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from '../suite/runner.ts';

test('the window under test is restricted', () => {
  assert.equal(vscode.workspace.isTrusted, false);
});

test('the extension activates in a restricted window too', async () => {
  const extension = vscode.extensions.getExtension('systemprompt.systemprompt-tasks');
  await extension?.activate();
  assert.equal(extension?.isActive, true);
});
