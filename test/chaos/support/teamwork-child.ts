import { silentLogger } from '../../../src/core/logger.ts';
import { mergeParts } from '../../../src/runtime/merge/merge-parts.ts';
import { pickInDraft, settlePick } from '../../../src/runtime/merge/pick.ts';
import { Worktrees } from '../../../src/runtime/run/worktrees.ts';
import { TaskStore } from '../../../src/store/task-store.ts';

/** Carries out one step of teamwork, which the test kills. */
const [folder = '', what = '', group = '', part = ''] = process.argv.slice(2);
const store = await TaskStore.open({ folder, watch: false });
const context = { store, settings: {}, logger: silentLogger };
if (what === 'merge-parts') await mergeParts(context, store.resolve(group));
else if (what === 'finish') await new Worktrees(context).finishInterrupted();
else if (what === 'pick') {
  await store.transact('test.pick', (draft) => pickInDraft(draft, draft.require(group), draft.require(part)));
  await settlePick(context, store.resolve(group));
} else throw new Error(`unknown: ${what}`);
await store.close();
