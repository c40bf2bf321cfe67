import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { workspaceFolder } from './cli.ts';
import { eventually, test } from './runner.ts';

const wrong = JSON.stringify(
  {
    worker: { maxParalel: 2 },
    rules: [{ allow: 'command', pattern: 'npm test *' }, { alow: 'read' }, { deny: 'web_search', pattern: 'x' }],
    worktrees: { quotaMb: 'much' },
  },
  null,
  2,
);

test('config.json is validated and documented while typing', async () => {
  const file = path.join(workspaceFolder(), '.systemprompt', 'config.json');
  assert.ok(!existsSync(file));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, wrong);
  try {
    const uri = vscode.Uri.file(file);
    const document = await vscode.workspace.openTextDocument(uri);
    // Only what is shown is checked.
    await vscode.window.showTextDocument(document);
    assert.equal(document.languageId, 'json');
    await eventually(() => {
      const marked = vscode.languages.getDiagnostics(uri).map(({ range }) => document.getText(range));
      // A rule that allows nothing is marked as a whole, too.
      const words = marked.filter((text) => !text.includes('\n'));
      assert.deepEqual(words.sort(), ['"alow"', '"maxParalel"', '"much"', '"pattern"'], JSON.stringify(marked));
    });
    const at = document.positionAt(wrong.indexOf('rules') + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
    const words = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value)));
    assert.match(
      words.join('\n'),
      /Actions that agents may take without asking, must not take, or must always ask about/,
    );
  } finally {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(file, { force: true });
  }
});
