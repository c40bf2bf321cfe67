import { z } from 'zod';
import { openWorkspace } from '../../core/task/workspace.ts';
import { taskChanges } from '../../runtime/worktrees/diff.ts';
import type { WithStandings, WithTrust, WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskById, taskSchema } from './output.ts';
import { resolveAnywhere, taskReference } from './references.ts';

export const taskShow = defineOperation('task.show', {
  input: z.strictObject({ task: taskReference }),
  output: taskSchema.extend({
    /** Changed files that wait for a merge, committed or not; null without a worktree or on a failure of git. */
    changed_files: z.number().int().nullable(),
  }),
  positional: ['task'],
  async run(context: WithStandings & WithWork & WithTrust, input) {
    const { id } = await resolveAnywhere(context, input.task);
    const task = await taskById(context, id);
    return { ...task, changed_files: await changedFiles(context, id) };
  },
});

/** As many as `task.diff` lists. Git may run filters of the repository, so that a restricted folder has no number. */
async function changedFiles(context: WithWork & WithTrust, id: string): Promise<number | null> {
  const task = context.store.view.byId(id);
  if (task === undefined || openWorkspace(task) === undefined || !context.trusted()) return null;
  return taskChanges(context, task, { detail: 'count' }).then(
    ({ files }) => files.length,
    () => null,
  );
}
