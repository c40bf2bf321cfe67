import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { operations } from '../../src/operations/all.ts';
import { effectOf } from '../../src/operations/operation.ts';
import { taskCreate } from '../../src/operations/task/create.ts';

describe('operations', () => {
  it('are all listed: each file that defines one is in the list', () => {
    const folder = fileURLToPath(new URL('../../src/operations/', import.meta.url));
    const defined = globSync('*/*.ts', { cwd: folder }).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/ = defineOperation\(\{\s+name: '([^']+)'/g)].map(
        ([, name]) => name,
      ),
    );
    assert.ok(defined.length > 30);
    assert.deepEqual(operations.map((operation) => operation.name).sort(), defined.sort());
  });

  it('have words for everything that a face shows', () => {
    for (const operation of operations) {
      assert.match(operation.summary, /^[A-Z].*\.$/, operation.name);
      for (const [key, schema] of Object.entries(operation.input.shape)) {
        const words = JSON.stringify(z.toJSONSchema(schema as z.ZodType, { io: 'input' }));
        assert.match(words, /"description":"[A-Z].*\."/, `${operation.name} ${key}`);
      }
      for (const key of operation.positional) assert.ok(key in operation.input.shape);
    }
  });

  it('have inputs and outputs that can be told as JSON schema', () => {
    for (const operation of operations) {
      assert.equal(z.toJSONSchema(operation.input, { io: 'input' }).additionalProperties, false, operation.name);
      z.toJSONSchema(operation.output, { io: 'input' });
    }
  });

  it('say what they do with an input', () => {
    assert.equal(effectOf(taskCreate, { title: 'x' }), 'write');
    assert.equal(effectOf(taskCreate, { title: 'x', start: true }), 'run');
  });
});
