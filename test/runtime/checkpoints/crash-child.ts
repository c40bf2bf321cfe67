import { silentLogger } from '../../../src/core/logger.ts';
import { findCheckpoint } from '../../../src/core/task/checkpoint.ts';
import { createCheckpoint } from '../../../src/runtime/checkpoints/create.ts';
import { restoreCheckpoint } from '../../../src/runtime/checkpoints/restore.ts';
import { TaskStore } from '../../../src/store/task-store.ts';

/** Makes or restores a checkpoint, to be killed in the middle of it. */
const [folder = '', number = '', what = ''] = process.argv.slice(2);
const store = await TaskStore.open({ folder, watch: false });
const context = { store, settings: {}, logger: silentLogger };
const task = store.resolve(number);
if (what === 'checkpoint') await createCheckpoint(context, task, { kind: 'manual', message: 'kept' });
else await restoreCheckpoint(context, task.id, findCheckpoint(task, 1));
await store.close();
