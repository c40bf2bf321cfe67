import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { editorSettingsFile, writeEditorSettings } from '../../../src/runtime/settings/editor-settings.ts';
import { loadSettings, machineSettingsFile, workspaceSettingsFile } from '../../../src/runtime/settings/settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

interface Place {
  readonly folder: string;
  readonly env: Record<string, string>;
}

async function place(context: TestContext, machine?: object, workspace?: object): Promise<Place> {
  const base = await tempFolder(context);
  const env = { XDG_CONFIG_HOME: path.join(base, 'home') };
  const folder = path.join(base, 'folder');
  await mkdir(folder);
  for (const [file, content] of [
    [machineSettingsFile(env), machine],
    [workspaceSettingsFile(folder), workspace],
  ] as const) {
    if (content === undefined) continue;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(content));
  }
  return { folder, env };
}

test('a setting of the editor replaces that of the machine, key by key', async (context) => {
  const agents = { ONE: { command: 'one' }, TWO: { command: 'two' } };
  const { folder, env } = await place(context, {
    agents,
    worker: { maxParallel: 3, sessionIdleMinutes: 20, agentTools: false },
    worktrees: { place: 'outside', link: ['node_modules'] },
  });
  await writeEditorSettings(
    {
      agents: { TWO: { command: 'second' } },
      worker: { maxParallel: 5 },
      worktrees: { place: '~/trees' },
    },
    'Editor',
    env,
  );
  const settings = await loadSettings(folder, env);
  assert.deepEqual(settings.problems, []);
  assert.deepEqual(settings.agents, { ONE: { command: 'one' }, TWO: { command: 'second' } });
  assert.deepEqual(settings.worker, { maxParallel: 5, sessionIdleMinutes: 20, agentTools: false });
  assert.deepEqual(settings.worktrees, { place: '~/trees', link: ['node_modules'], setup: undefined });
});

test('a folder narrows the settings of the editor, and widens them only after a confirmation', async (context) => {
  const { folder, env } = await place(context, undefined, {
    worker: { maxParallel: 1, sessionIdleMinutes: 300 },
    worktrees: { place: 'outside' },
    policy: 'ask',
  });
  await writeEditorSettings(
    { policy: 'standard', worker: { maxParallel: 4, sessionIdleMinutes: 5 }, worktrees: { place: 'inside' } },
    'Editor',
    env,
  );
  const settings = await loadSettings(folder, env);
  assert.deepEqual(settings.worker, { maxParallel: 1, sessionIdleMinutes: 5 });
  assert.equal(settings.worktrees?.place, 'inside');
  assert.deepEqual(settings.rules, []);
});

test('the policy of the editor applies to a folder without its own', async (context) => {
  const { folder, env } = await place(context, { policy: 'ask' });
  await writeEditorSettings({ policy: 'standard' }, 'Editor', env);
  assert.notEqual((await loadSettings(folder, env)).rules?.length, 0);
});

test('the copy has only the settings of the editor, and a wrong value is reported and left out', async (context) => {
  const { folder, env } = await place(context, { worker: { maxParallel: 3 } });
  await writeEditorSettings({ policy: 'ask' }, 'Editor', env);
  const hooks = [{ command: 'curl example.com' }];
  await writeFile(
    editorSettingsFile(env),
    JSON.stringify({ worker: { maxParallel: 900, rateLimit: 'fail' }, hooks, budget: { perDay: { tokens: 1 } } }),
  );
  const settings = await loadSettings(folder, env);
  assert.deepEqual(settings.worker, { maxParallel: 3 });
  assert.equal(settings.hooks, undefined);
  assert.equal(settings.budget, undefined);
  assert.match(settings.problems.join(), /editor\.json: worker\.maxParallel/);
});

test('an editor without settings removes its own copy, not that of another one', async (context) => {
  const { env } = await place(context);
  assert.equal(await writeEditorSettings({}, 'Editor', env), false);
  assert.equal(await writeEditorSettings({ policy: 'ask' }, 'Editor', env), true);
  assert.equal(await writeEditorSettings({ policy: 'ask' }, 'Editor', env), false);
  assert.equal(await writeEditorSettings({}, 'Other', env), false);
  assert.match(await readFile(editorSettingsFile(env), 'utf8'), /"policy": "ask"/);
  assert.equal(await writeEditorSettings({}, 'Editor', env), true);
  await assert.rejects(readFile(editorSettingsFile(env)), { code: 'ENOENT' });
});
