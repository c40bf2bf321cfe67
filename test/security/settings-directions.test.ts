import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { z } from 'zod';
import {
  loadSettings,
  machineSettingsFile,
  type Settings,
  workspaceSettingsFile,
} from '../../src/runtime/settings/settings.ts';
import { settingsSchema } from '../../src/runtime/settings/settings-schema.ts';
import { narrowing } from '../../src/runtime/settings/widening.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { directions, machine } from './data/directions.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** The names of all settings: `worktrees.link`. A setting with properties of its own is a section. */
function namesIn(schema: JsonSchema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, part]) =>
    part.properties === undefined ? [`${prefix}${key}`] : namesIn(part, `${prefix}${key}.`),
  );
}

function fileOf(path: string, value: unknown): object {
  const [last = '', ...outer] = path.split('.').reverse();
  return outer.reduce<object>((inner, key) => ({ [key]: inner }), { [last]: value });
}

async function load(context: TestContext, folderSettings: object): Promise<Settings> {
  const folder = join(tempFolder(context), 'project');
  const env = { XDG_CONFIG_HOME: join(folder, '..', 'home') };
  for (const [file, value] of [
    [machineSettingsFile(env), machine],
    [workspaceSettingsFile(folder), folderSettings],
  ] as const) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
  }
  return loadSettings(folder, env);
}

/** The settings that are in force, without the report of those that wait. */
function inForce({ unconfirmed, unconfirmedCommands, unconfirmedRules, ...settings }: Settings): unknown {
  const { unconfirmedSettings, unconfirmedDigests, problems, unread, ...rest } = settings;
  return JSON.parse(JSON.stringify(rest));
}

describe('the settings of an unconfirmed folder', () => {
  it('are all in the table of directions, in the product and in this test', () => {
    const names = namesIn(z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema).sort();
    assert.ok(names.length > 20);
    assert.deepEqual(Object.keys(narrowing).sort(), names);
    assert.deepEqual(Object.keys(directions).sort(), names);
  });

  for (const [path, { widens, narrows }] of Object.entries(directions)) {
    if (widens !== undefined) {
      it(`wait for a confirmation if they permit more: ${path}`, async (context) => {
        const settings = await load(context, fileOf(path, widens.value));
        assert.deepEqual(inForce(settings), inForce(await load(context, {})));
        const { unconfirmed, unconfirmedRules = [], unconfirmedSettings = [] } = settings;
        const waiting = [...unconfirmed, ...unconfirmedRules, ...unconfirmedSettings];
        assert.equal(waiting.length > 0, widens.waits !== false, `${waiting}`);
      });
    }
    if (narrows !== undefined) {
      it(`apply at once if they permit less: ${path}`, async (context) => {
        const settings = await load(context, fileOf(path, narrows));
        assert.notDeepEqual(inForce(settings), inForce(await load(context, {})));
        assert.deepEqual(settings.unconfirmedSettings, []);
      });
    }
  }
});
