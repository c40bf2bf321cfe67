import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Holds text against a file that is kept in the repository, so that a change of what people see is seen in review.
 * `UPDATE_GOLDEN=1` writes the files anew.
 */
export function golden(name: string, text: string): void {
  keep(fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url)), text);
}

export function keep(file: string, text: string): void {
  const actual = `${text.trimEnd()}\n`;
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  assert.equal(actual, expected, `${file} is not up to date; UPDATE_GOLDEN=1 writes it anew`);
}
