import { silentLogger } from '../../../src/core/logger.ts';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { Worktrees } from '../../../src/runtime/run/worktrees.ts';
import { cleanWorktrees } from '../../../src/runtime/worktrees/clean.ts';
import { discardTask } from '../../../src/runtime/worktrees/discard.ts';
import { TaskStore } from '../../../src/store/task-store.ts';

/** Does one thing to the worktree of a task, to be killed in the middle of it. */
const [folder = '', number = '', what = ''] = process.argv.slice(2);
const store = await TaskStore.open({ folder, watch: false });
const context = { store, settings: {}, logger: silentLogger };
const task = store.resolve(number);
if (what === 'create') await new Worktrees(context).prepare(task);
else if (what === 'discard') await discardTask(context, task, true);
else if (what === 'clean') await cleanWorktrees(context);
else if (what === 'merge' || what === 'squash' || what === 'patch') await mergeTask(context, task, { form: what });
else throw new Error(`unknown: ${what}`);
await store.close();
