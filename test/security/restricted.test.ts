import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openHost } from '../../src/host.ts';
import { agents } from '../../src/operations/agent/agents.ts';
import { metrics } from '../../src/operations/metrics/metrics.ts';
import { runOperation } from '../../src/operations/operation.ts';
import { queueStatus } from '../../src/operations/queue/status.ts';
import { status } from '../../src/operations/store/status.ts';
import { taskCancel } from '../../src/operations/task/cancel.ts';
import { taskCreate } from '../../src/operations/task/create.ts';
import { taskList } from '../../src/operations/task/list.ts';
import { taskLogs } from '../../src/operations/task/logs.ts';
import { taskShow } from '../../src/operations/task/show.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import type { TaskFolders } from '../../src/vscode/folders/task-folders.ts';
import { TreeModel } from '../../src/vscode/tree/tree-model.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

/** Every file and folder below a folder, with its content and the time of its last change. */
function contentOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const look = lstatSync(join(folder, name));
    found[name] = look.isFile() ? `${look.mtimeMs} ${readFileSync(join(folder, name), 'base64')}` : `${look.mtimeMs}`;
  }
  return found;
}

/** A folder with everything by which an opening could be led to write. */
async function folderWithEverything(context: TestContext): Promise<string> {
  const folder = join(tempFolder(context), 'project');
  mkdirSync(folder);
  const store = await TaskStore.open({ folder, watch: false });
  const { id } = await store.createTask({ title: 'Mine', tool: 'SHELL', instructions: 'true' });
  const { id: dead } = await store.createTask({ title: 'Its worker is dead', tool: 'SHELL', instructions: 'true' });
  await store.transact('test.claim', (draft) => {
    const lease = { worker: 'w', host: 'gone', pid: 1, started: '1', expires_at: '2020-01-01T00:00:00.000Z' };
    draft.patch(dead, { status: 'in_progress', started_at: draft.at, queued_at: draft.at, lease });
  });
  const state = join(folder, '.systemprompt', 'state');
  const file = join(state, 'tasks', `${id}.json`);
  await until('its file is written', () => readdirSync(join(state, 'tasks')).length === 2);
  await store.close();
  const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...record, title: 'Edited by hand' }));
  writeFileSync(
    join(state, 'tasks', 'task_foreign.json'),
    JSON.stringify({ ...record, id: 'task_foreign', number: 9, queued_at: record.created_at }),
  );
  writeFileSync(join(state, 'tasks', 'task_broken.json'), '{');
  writeFileSync(join(state, 'queue.json'), '{"playing":true}\n');
  mkdirSync(join(state, 'workers'), { recursive: true });
  writeFileSync(join(state, 'workers', 'dead.json'), '{}');
  symlinkSync('/etc/hostname', join(state, 'logs', 'task_link.jsonl'));
  writeFileSync(join(folder, '.systemprompt', 'config.json'), '{"archive":{"afterDays":1}}');
  return folder;
}

describe('a folder in Restricted Mode', () => {
  it('is byte for byte the same after it was opened, listed, displayed and closed', async (context) => {
    const folder = await folderWithEverything(context);
    const home = join(folder, '..');
    const { XDG_CONFIG_HOME: before } = process.env;
    process.env.XDG_CONFIG_HOME = join(home, 'config');
    context.after(() => {
      if (before === undefined) delete process.env.XDG_CONFIG_HOME;
      else process.env.XDG_CONFIG_HOME = before;
    });
    const content = contentOf(home);
    const host = await openHost({ folder, actor: 'Ada', trusted: () => false, startWorker: true });
    try {
      await runOperation(taskList, host, {});
      await runOperation(taskShow, host, { task: 1 });
      await runOperation(taskLogs, host, { task: 1 });
      await runOperation(status, host, {});
      await runOperation(metrics, host, {});
      await runOperation(queueStatus, host, {});
      await runOperation(agents, host, {});
      const shown = { host, state: { kind: 'ready', host }, name: 'project', path: folder, isPlaying: true };
      const model = new TreeModel({ all: [shown] } as unknown as TaskFolders, { of: () => new Map() });
      const rows = model.roots().flatMap((group) => model.children(group));
      assert.equal(rows.length, 3);
      await assert.rejects(runOperation(taskCreate, host, { title: 'No' }), { code: 'Untrusted' });
      await assert.rejects(runOperation(taskCancel, host, { tasks: [1] }), { code: 'Untrusted' });
      await assert.rejects(host.store.addLog('1', 'No'), { code: 'Untrusted' });
      // Hand edits are noticed after 150 ms, and looked at again after 400 ms.
      await setTimeout(1_000);
      assert.equal(host.store.view.byNumber(2)?.status, 'in_progress', 'its dead worker is not recovered');
    } finally {
      await host.close();
    }
    assert.deepEqual(contentOf(home), content);
  });
});
