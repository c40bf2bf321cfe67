/** One commit of the sample repository: its message, and the files it writes (path → content). */
export interface SampleCommit {
  readonly message: string;
  readonly files: Readonly<Record<string, string>>;
}

const count = `/** Counts the words of a text. */
export function countWords(text) {
  return text.split(/\\s+/).filter((word) => word !== '').length;
}
`;

const top = `
/** The most frequent words of a text, most frequent first, at most \`limit\` of them. */
export function topWords(text, limit = 10) {
  const counts = new Map();
  for (const word of text.toLowerCase().match(/\\p{L}+/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, limit);
}
`;

const cli = `import { readFileSync } from 'node:fs';
import { countWords, topWords } from './words.js';

const text = readFileSync(process.argv[2] ?? 'README.md', 'utf8');
console.log(\`\${countWords(text)} words\`);
for (const [word, times] of topWords(text)) console.log(\`\${String(times).padStart(5)}  \${word}\`);
`;

const test = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWords, topWords } from '../src/words.js';

test('words are what white space separates', () => {
  assert.equal(countWords('one two\\n three'), 3);
  assert.equal(countWords('   '), 0);
});

test('the most frequent words come first, regardless of case', () => {
  assert.deepEqual(topWords('The cat and the dog', 2), [['the', 2], ['and', 1]]);
});
`;

const bench = `import { readFileSync } from 'node:fs';
import { topWords } from '../src/words.js';

const text = readFileSync('README.md', 'utf8').repeat(200);
const end = performance.now() + 300;
let rounds = 0;
while (performance.now() < end) {
  topWords(text);
  rounds += 1;
}
console.log(\`\${((rounds * text.length) / 0.3 / 1e6).toFixed(1)} MB/s\`);
`;

const readme = `# Tally

Counts the words of a text and lists the most frequent ones.

    node src/cli.js README.md

This repository is a sample made for trying SystemPrompt Tasks: open the Tasks view in the
activity bar and press the play button on a task.
`;

const manifest = (version: string): string =>
  `${JSON.stringify({ name: 'tally', version, private: true, type: 'module', scripts: { test: 'node --test' } }, undefined, 2)}\n`;

/** The history of the sample: a real little Node project, small enough to read in a minute. */
export const commits: readonly SampleCommit[] = [
  { message: 'feat: count the words of a text', files: { 'src/words.js': count, 'package.json': manifest('0.1.0') } },
  { message: 'docs: say what this is', files: { 'README.md': readme, '.gitignore': 'node_modules/\n' } },
  { message: 'feat: list the most frequent words', files: { 'src/words.js': count + top, 'src/cli.js': cli } },
  { message: 'fix: no word in a blank text', files: { 'test/words.test.js': test } },
  { message: 'feat: measure the speed', files: { 'bench/speed.js': bench, 'package.json': manifest('0.2.0') } },
];
