import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../scripts/process.ts';
import { phrases } from './phrases.ts';

// Messages, help, pages and comments use plain technical English.

const scope = [
  'src',
  'scripts',
  'bench',
  'docs',
  'l10n',
  'schemas',
  'media',
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'package.json',
  'package.nls.json',
];

const files = execFileSync('git', ['ls-files', ...scope], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(?:ts|tsx|mjs|js|md|json|css|svg)$/.test(file) && existsSync(path.join(root, file)));

/** The text with its wrapped comments and paragraphs as single lines. */
function unwrapped(text: string): string {
  return text.replace(/\n[ \t]*(?:\*(?!\/)|\/\/)?[ \t]*/g, ' ');
}

function violations(text: string): string[] {
  const flat = unwrapped(text);
  return phrases.flatMap(({ pattern, instead }) =>
    [...flat.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(
      (match) => `"${flat.slice(Math.max(0, match.index - 30), match.index + match[0].length + 20)}": write ${instead}`,
    ),
  );
}

describe('the language of the product', () => {
  test('contains no banned phrase', () => {
    assert.ok(files.length > 0);
    const found = files.flatMap((file) =>
      violations(readFileSync(path.join(root, file), 'utf8')).map((violation) => `${file}: ${violation}`),
    );
    assert.deepEqual(found, []);
  });

  test('finds a phrase across the lines of a comment', () => {
    assert.equal(violations('/**\n * The agent is\n * told to stop.\n */').length, 1);
    assert.deepEqual(violations('The worker renews the lease every 15 s.'), []);
  });
});
