// UPDATE_SCHEMA=1 writes the schema anew from the code that reads the file; `npm run format` then formats it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { root } from '../../scripts/process.ts';
import { agentsConfigSchema } from '../../src/agents/config.ts';
import { settingsSchema } from '../../src/runtime/settings/settings-schema.ts';

const file = `${root}/schemas/config.schema.json`;
type Schema = { [key: string]: unknown; properties?: Record<string, Schema>; description?: string };

/** What the editor checks a configuration with: stricter than the reader, which leaves alone what it does not know. */
function made(): Schema {
  const agents = agentsConfigSchema.optional().describe(settingsSchema.shape.agents.description ?? '');
  const schema = z.toJSONSchema(settingsSchema.extend({ agents }), {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.properties !== undefined) jsonSchema.additionalProperties = false;
    },
  });
  const described = {
    title: 'Configuration of SystemPrompt Tasks',
    description: 'Settings of a folder or of a machine.',
  };
  // The key by which a file itself names a schema.
  const own = { $schema: { type: 'string', description: 'The schema of this file, for editors.' } };
  const { $schema, ...rest } = JSON.parse(JSON.stringify(schema)) as Schema;
  return { $schema, ...described, ...rest, properties: { ...own, ...rest.properties } };
}

describe('the JSON schema of config.json', () => {
  it('matches the code that reads the file', () => {
    const wanted = made();
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(file, JSON.stringify(wanted, null, 2));
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(kept, wanted, 'run UPDATE_SCHEMA=1 node --test test/vscode/config-schema.test.ts');
  });

  it('describes every key', () => {
    let keys = 0;
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, child] of Object.entries((value as Schema).properties ?? {})) {
        keys += 1;
        assert.match(child.description ?? '', /^[A-Z].*\.$/, `${path}.${key}`);
      }
      // A condition describes nothing.
      for (const [key, child] of Object.entries(value))
        if (key !== 'if' && key !== 'else') visit(child, `${path}.${key}`);
    };
    visit(JSON.parse(readFileSync(file, 'utf8')), '');
    assert.ok(keys > 25, `${keys}`);
  });

  it('is declared in the manifest for the files of a folder and of the machine', () => {
    const { contributes } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    assert.deepEqual(contributes.jsonValidation, [
      {
        fileMatch: ['/.systemprompt/config.json', '/.config/systemprompt/config.json'],
        url: './schemas/config.schema.json',
      },
    ]);
  });
});
