import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { root } from '../../../scripts/process.ts';
import { planProblems } from '../../../src/core/plan/check.ts';
import { parseSpec } from '../../../src/formats/spec/parse.ts';

const folder = join(root, 'examples');

/** `UPDATE_GOLDEN=1` writes the plans. */
describe('the example specifications', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')) {
    it(`${file} gives its plan`, () => {
      const { plan, notes } = parseSpec(readFileSync(join(folder, file), 'utf8'), { file: `examples/${file}` });
      assert.deepEqual(notes, []);
      assert.deepEqual(
        planProblems(plan, () => false),
        [],
      );
      const golden = join(folder, 'plans', `${basename(file, '.md')}.yml`);
      const text = stringify(plan, { lineWidth: 0, aliasDuplicateObjects: false });
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, 'utf8'));
    });
  }
});
