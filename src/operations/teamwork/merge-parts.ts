import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { knownSum } from '../../core/known-sum.ts';
import { operationStep } from '../../core/next-step.ts';
import { notesOf } from '../../core/task/handoff.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { requestStart } from '../../core/task/start.ts';
import { type WorkState, workStateOf, workStates } from '../../core/task/workspace.ts';
import { mergeParts, type PartConflict, partConflict } from '../../runtime/merge/merge-parts.ts';
import { planWorkspace } from '../../runtime/worktrees/create.ts';
import { branchRef } from '../../runtime/worktrees/repository.ts';
import { requireRepository } from '../../runtime/worktrees/review.ts';
import { addTask } from '../../store/task-changes.ts';
import type { WithRuns, WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureFor } from '../queue/ensure-worker.ts';
import { taskFields } from '../task/fields.ts';
import { resolveOne, taskReference } from '../task/references.ts';
import { requirePromptAgent } from '../task/require-script.ts';

const partSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  status: z.string(),
  /** The end of the agent's last message, or its note. */
  notes: z.string(),
  tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
});

/** Combines the branches of the parts into one branch, and their results in the group. */
export const taskMergeParts = defineOperation('task.merge-parts', {
  input: z.strictObject({
    task: taskReference,
    agent: taskFields.tool.optional().describe('Agent that resolves conflicts, in its own worktree.'),
  }),
  output: z.object({
    id: z.string(),
    number: z.number().int(),
    /** The branch with the work of all parts; null if there is none. */
    branch: z.string().nullable(),
    /** The fate of that work, which may have been merged part by part; null if the parts changed no files. */
    work: z.enum(workStates).nullable(),
    merged: z.array(z.object({ number: z.number().int(), title: z.string(), files: z.array(z.string()) })),
    /** The task that resolves a conflict; merge the parts again when it is completed. */
    resolving: z.number().int().nullable(),
    parts: z.array(partSchema),
    /** Sums of the parts; null if no agent reported them. */
    usage: z.object({ total_tokens: z.number().nullable(), cost_usd: z.number().nullable() }),
  }),
  positional: ['task'],
  async run(context: WithRuns & WithWork, { task: reference, agent }) {
    const group = await resolveOne(context, reference);
    const { store } = context;
    const resolver = agent === undefined ? undefined : await requirePromptAgent(context, agent);
    const { merged, branch, conflict } = await mergeParts(context, group);
    const resolving = conflict === undefined ? null : await resolveWith(context, group, conflict, resolver);
    const parts = [...store.view.children(group.id)].sort((a, b) => a.number - b.number);
    const summary = parts.map((part) => ({
      number: part.number,
      title: part.title,
      status: part.status,
      notes: notesOf(part),
      tokens: part.usage?.total_tokens ?? null,
      cost_usd: part.usage?.cost_usd ?? null,
    }));
    const usage = {
      total_tokens: knownSum(summary.map(({ tokens }) => tokens)),
      cost_usd: knownSum(summary.map(({ cost_usd: cost }) => cost)),
    };
    const files = merged.map(({ part: { number, title }, files }) => ({ number, title, files: [...files] }));
    if (resolving === null) {
      await store.transact('task.merge-parts', (draft) => {
        if (draft.byId(group.id) !== undefined) draft.patch(group.id, { result: { parts: summary, usage } });
      });
    }
    return {
      id: group.id,
      number: group.number,
      branch: branch ?? null,
      work: workOf(store.view.byId(group.id) ?? group, parts),
      merged: files,
      resolving,
      parts: summary,
      usage,
    };
  },
});

function workOf(group: TaskRecord, parts: readonly TaskRecord[]): WorkState | null {
  // Unfinished work of a cancelled part stays on its own branch.
  const states = parts.filter(({ status }) => status !== 'cancelled').map((part) => workStateOf(part));
  return workStateOf(group) ?? workStates.find((state) => states.includes(state)) ?? null;
}

/**
 * Creates and starts a task that merges a part into the branch of the group, in its own worktree.
 *
 * @throws TaskError `MergeConflict` without an agent
 */
async function resolveWith(
  context: WithRuns & WithWork,
  group: TaskRecord,
  conflict: PartConflict,
  tool: string | undefined,
): Promise<number> {
  if (tool === undefined) throw partConflict(group, conflict);
  const { store } = context;
  const { part, against, files, workspace } = conflict;
  const repository = await requireRepository(context);
  const others = against.map(({ number, title }) => `- #${number} ${title}`).join('\n');
  const id = await store.transact('task.resolve', (draft) => {
    const params = {
      title: `Resolve the conflict of #${part.number} in #${group.number}`,
      description: `The parts of "${group.title}" are combined. #${part.number} "${part.title}" conflicts with earlier parts in:\n\n${files.map((file) => `- ${file}`).join('\n')}\n\nThe other side:\n\n${others}`,
      instructions: `Run \`git merge --no-ff ${part.workspace?.branch}\` in this worktree, resolve all conflicts so that both changes keep their purpose, and commit the merge.`,
      tool,
      parentId: group.id,
      isolation: 'worktree' as const,
    };
    return addTask(draft, params).id;
  });
  const task = store.view.byId(id);
  if (task === undefined) throw gone(group);
  const tip = (await repository.git.commit(branchRef(workspace))) ?? workspace.base_commit;
  const own = await planWorkspace(repository, task, [], context.settings);
  const queued = await store.transact('task.resolve', (draft) => {
    const at = { ...own, base_head: workspace.base_head, base_commit: tip };
    draft.patch(id, { workspace: at });
    return draft.patch(id, requestStart(draft.require(id), draft.at));
  });
  await ensureFor(context, [queued]);
  return queued.number;
}

function gone(group: TaskRecord): TaskError {
  return new TaskError('TaskNotFound', `The task that resolves the conflict in #${group.number} was deleted.`, {
    next: [operationStep('Merge the parts again', 'task.merge-parts', { task: group.number })],
  });
}
