import { silentLogger } from '../../../src/core/logger.ts';
import { mergeTask } from '../../../src/runtime/worktrees/merge.ts';
import { TaskStore } from '../../../src/store/task-store.ts';

/** Does one thing to the worktree of a task, to be killed in the middle of it. */
const [folder = '', number = '', what = ''] = process.argv.slice(2);
const store = await TaskStore.open({ folder, watch: false });
const context = { store, settings: {}, logger: silentLogger };
const task = store.resolve(number);
if (what === 'merge') await mergeTask(context, task, { form: 'merge' });
await store.close();
