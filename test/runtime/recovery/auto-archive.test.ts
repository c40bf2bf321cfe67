import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { archiveOld } from '../../../src/runtime/recovery/auto-archive.ts';
import { loadSettings } from '../../../src/runtime/settings/settings.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DAY_MS = 86_400_000;

describe('automatic archiving', () => {
  it('archives tasks a number of days after their end, and none without the setting', async (context) => {
    const store = await TaskStore.open({ folder: tempFolder(context), watch: false });
    context.after(() => store.close());
    const { id } = await store.createTask({ title: 'A' });
    await store.createTask({ title: 'goes on' });
    await store.transact('end', (draft) => void draft.patch(id, { status: 'cancelled' }));
    const inTenDays = Date.now() + 10 * DAY_MS;
    await archiveOld(store, undefined, silentLogger, inTenDays);
    await archiveOld(store, 30, silentLogger, inTenDays);
    assert.equal(store.view.size, 2);
    await archiveOld(store, 7, silentLogger, inTenDays);
    assert.deepEqual([store.view.size, await store.archive.count()], [1, 1]);
  });

  it('is configured in config.json, as is the uncompressed part of a log', async (context) => {
    const folder = tempFolder(context);
    // Of the machine: a folder's own file would need a confirmation for these.
    mkdirSync(join(folder, 'systemprompt'));
    const file = join(folder, 'systemprompt', 'config.json');
    writeFileSync(file, '{"archive":{"afterDays":30},"logs":{"plainMegabytes":64}}');
    const env = { XDG_CONFIG_HOME: folder };
    const { archive, logs } = await loadSettings(folder, env);
    assert.deepEqual([archive?.afterDays, logs?.plainMegabytes], [30, 64]);
    writeFileSync(file, '{"archive":{"afterDays":-1}}');
    assert.match((await loadSettings(folder, env)).problems[0] ?? '', /afterDays/);
  });
});
