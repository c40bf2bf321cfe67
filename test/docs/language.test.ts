import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../scripts/process.ts';
import { type Phrase, phrases, titlePhrases } from './phrases.ts';

// Messages, help, pages, comments and the titles of tests use plain technical English.

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

function violations(text: string, banned: readonly Phrase[] = phrases): string[] {
  const flat = unwrapped(text);
  return banned.flatMap(({ pattern, instead }) =>
    [...flat.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(
      (match) => `"${flat.slice(Math.max(0, match.index - 30), match.index + match[0].length + 20)}": write ${instead}`,
    ),
  );
}

/** Titles of tests and suites, without those of the real agents, which are names of checks. */
const tests = execFileSync('git', ['ls-files', 'test/*.ts', ':!test/agents/real'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(root, file)));

function titlesOf(source: string): string[] {
  const titles = source.matchAll(/(?<![\w.])(?:test|it|describe)\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])+)\1\s*,/g);
  return [...titles].map(([, , title = '']) => title.replaceAll(/\$\{[^}]*\}/g, '…'));
}

describe('the language of the product', () => {
  test('contains no banned phrase', () => {
    assert.ok(files.length > 0);
    const found = files.flatMap((file) =>
      violations(readFileSync(path.join(root, file), 'utf8')).map((violation) => `${file}: ${violation}`),
    );
    assert.deepEqual(found, []);
  });

  test('contains no banned phrase in the titles of tests', () => {
    const titles = tests.flatMap((file) =>
      titlesOf(readFileSync(path.join(root, file), 'utf8')).map((title) => ({ file, title })),
    );
    assert.ok(titles.length > 1_000);
    assert.deepEqual(
      titles.flatMap(({ file, title }) => violations(title, titlePhrases).map((violation) => `${file}: ${violation}`)),
      [],
    );
  });

  test('reads the titles of tests', () => {
    assert.deepEqual(titlesOf("test('runs', async () => {}); other('no', 1);"), ['runs']);
    assert.equal(violations('says what it does', titlePhrases).length, 1);
  });

  test('finds a phrase across the lines of a comment', () => {
    assert.equal(violations('/**\n * The folder is\n * looked at.\n */').length, 1);
    assert.deepEqual(violations('The worker renews the lease every 15 s.'), []);
  });
});
