import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readSettingsFile } from '../../../src/runtime/settings/read-settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('a misspelled key of a settings file', () => {
  it('is reported with the intended key', async (context) => {
    const file = join(tempFolder(context), 'config.json');
    const settings = {
      worker: { maxParalel: 4 },
      isolaton: 'none',
      budget: { perDay: { token: 5 } },
      fromTheFuture: true,
      agents: { Wroker: { command: 'x' } },
    };
    writeFileSync(file, JSON.stringify(settings));
    const { problems, unread } = await readSettingsFile(file);
    assert.deepEqual(problems, [
      `${file}: unknown key "worker.maxParalel". Did you mean "maxParallel"?`,
      `${file}: unknown key "isolaton". Did you mean "isolation"?`,
      `${file}: unknown key "budget.perDay.token". Did you mean "tokens"?`,
    ]);
    assert.deepEqual(unread, [problems[2]], 'a misspelled limit does not hold');
  });

  it('counts as an unread rule or limit', async (context) => {
    const file = join(tempFolder(context), 'config.json');
    writeFileSync(file, JSON.stringify({ rulse: [{ deny: 'read', pattern: '**/.env' }] }));
    assert.equal((await readSettingsFile(file)).unread.length, 1);
  });

  it('does not hide the former name of a value', async (context) => {
    const file = join(tempFolder(context), 'config.json');
    writeFileSync(file, JSON.stringify({ onDependencyFailed: 'go_on' }));
    const { settings, problems } = await readSettingsFile(file);
    assert.deepEqual([settings.onDependencyFailed, problems], ['ignore', []]);
  });
});
