import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '../../../src/operations/store/status.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { storeTooltip } from '../../../src/vscode/present/store-tooltip.ts';
import { bench } from '../../operations/context.ts';

describe('the tooltip of a folder or a group of tasks', () => {
  it('shows the size of the tasks on disk and in memory (F106)', async (context) => {
    const { run, store } = await bench(context);
    for (const title of ['A', 'B']) await run(taskCreate, { title, tool: 'SHELL', instructions: 'true' });
    const state = await run(status, {});
    const [folder, facts = ''] = storeTooltip({ ...state, folder: '/work/my_project' }).split('\n\n');
    assert.equal(folder, '\\/work\\/my\\_project', 'shown as it is');
    const lines = facts.replaceAll('\\', '').split('  \n');
    assert.equal(lines[0], '2 tasks');
    assert.match(lines[1] ?? '', /^On disk: [\d.]+ (bytes|kB) \(journal [\d.]+ (bytes|kB)/);
    assert.match(lines[2] ?? '', /^In memory: about [\d.]+ kB for tasks, [\d.]+ MB in total$/);
    assert.equal(lines.length, 3);
    assert.equal(store.view.size, 2);
  });

  it('counts archived tasks and marks unknown or approximate sizes', () => {
    const state = {
      folder: 'f',
      total: 1,
      archived: 1_200,
      storage: null,
      memory: { heap_bytes: 80_000_000, task_bytes: 2_100, tasks_bytes: 2_100 },
    } as Parameters<typeof storeTooltip>[0];
    const plain = storeTooltip(state).replaceAll('\\', '');
    assert.equal(
      plain,
      `f\n\n1 task  \n${(1_200).toLocaleString()} more in the archive  \nIn memory: about 2.1 kB for tasks, 80 MB in total`,
    );
    const areas = Object.fromEntries(
      ['journal', 'tasks', 'logs', 'archive', 'quarantine', 'backups', 'other'].map((area) => [
        area,
        { files: 0, bytes: area === 'logs' ? 3_400_000 : 0 },
      ]),
    );
    const estimated = storeTooltip({ ...state, storage: { bytes: 3_400_000, areas, estimated: true } } as typeof state);
    assert.match(estimated.replaceAll('\\', ''), /On disk: about 3\.4 MB \(logs 3\.4 MB\)/);
  });
});
