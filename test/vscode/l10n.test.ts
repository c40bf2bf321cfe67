// UPDATE_L10N=1 writes the bundle anew from the messages of the code.
import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../../scripts/process.ts';
import { l10n } from '../../src/vscode/present/l10n.ts';

const bundle = `${root}/l10n/bundle.l10n.json`;
const files = globSync('src/vscode/**/*.ts', { cwd: root });

test('the translation bundle has exactly the messages of the code', () => {
  const messages = files.flatMap((file) => messagesOf(readFileSync(`${root}/${file}`, 'utf8'), file));
  const wanted = Object.fromEntries([...new Set(messages)].sort().map((message) => [message, message]));
  if (process.env.UPDATE_L10N === '1') writeFileSync(bundle, `${JSON.stringify(wanted, undefined, 2)}\n`);
  assert.deepEqual(
    JSON.parse(readFileSync(bundle, 'utf8')),
    wanted,
    'run UPDATE_L10N=1 node --test test/vscode/l10n.test.ts',
  );
});

test('placeholders are filled by number', () => {
  assert.equal(l10n.t('{1} of {0}', 3, 'two'), 'two of 3');
  assert.equal(l10n.t('{0} and {1}', 'one'), 'one and {1}');
});

/** The messages of a source: literals only, because a bundle cannot hold what is put together while running. */
function messagesOf(source: string, file: string): string[] {
  const calls = source.match(/l10n\.t\(/g)?.length ?? 0;
  const literals = [...source.matchAll(/l10n\.t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`$]*)`)/g)];
  const allowed = file.endsWith('l10n.ts') ? 1 : 0;
  assert.ok(calls - literals.length <= allowed, `${file} has a message that is not a literal`);
  return literals.map(([, single, double, plain]) => (single ?? double ?? plain ?? '').replace(/\\(.)/g, '$1'));
}
