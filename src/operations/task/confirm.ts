import { createHash } from 'node:crypto';
import { z } from 'zod';
import { orderOf } from '../../core/agent/order.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { awaitsConfirmation, confirm } from '../../core/task/confirmation.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { isSetToRun } from '../../runtime/settings/home.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { resolveAll, taskReferences } from './references.ts';

const runSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  /** The agent of the first step that runs. */
  agent: z.string(),
  model: z.string().nullable(),
  /** The script, or everything that the agent is asked to do; in a workflow with all steps. */
  order: z.string(),
  /** The only tools that the agent may use; null without such a list. */
  tools: z.array(z.string()).nullable(),
});

/**
 * Shows what tasks from outside would run. With the digest of what was shown, confirms exactly that, so that a change
 * in between is refused. Without tasks it covers all of them, and those that were queued before the folder came to this
 * machine.
 */
export const taskConfirm = defineOperation('task.confirm', {
  input: z.strictObject({
    tasks: taskReferences
      .optional()
      .describe('Tasks: numbers, full ids or exact titles. Default: every task that waits for confirmation.'),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'is not a digest that this command shows')
      .optional()
      .describe('Digest of the content to confirm. Fails if it has changed since it was shown.'),
  }),
  output: z.object({
    /** Tasks that were confirmed; without a digest, those to confirm. */
    tasks: z.array(runSchema),
    /** True if confirming also lets a queue run that was started on another machine. */
    playing: z.boolean(),
    /** Confirms exactly this content; null without any. */
    digest: z.string().nullable(),
    confirmed: z.boolean(),
  }),
  positional: ['tasks'],
  runsWith: ({ digest }) => digest !== undefined,
  async run(context: WithRuns, { tasks: references, digest: shown }) {
    await context.store.refresh();
    // Another process may have confirmed the folder.
    await context.readSettings();
    const found = await tasksToConfirm(context, references);
    const playing = references === undefined && context.importedTasks?.playing === true;
    const nothing = found.length === 0 && !playing;
    const digest = nothing ? null : digestOf(found, playing);
    const output = { tasks: found.map(runOf), playing, digest };
    if (shown === undefined || nothing) return { ...output, confirmed: false };
    await context.store.transact('task.confirm', (draft) => {
      const now = found.map(({ id }) => draft.require(id));
      if (digestOf(now, playing) !== shown) throw changedSinceShown(references);
      for (const task of now) if (task.from_outside === true) draft.patch(task.id, confirm());
    });
    if (references === undefined) await context.confirmTasks();
    await ensureForReady(context);
    return { ...output, confirmed: true };
  },
});

async function tasksToConfirm(context: WithRuns, references: readonly string[] | undefined): Promise<TaskRecord[]> {
  if (references !== undefined) {
    return (await resolveAll(context, references)).filter((task) => task.from_outside === true);
  }
  const { importedTasks: imported, store } = context;
  return [...store.view.all()]
    .filter((task) => awaitsConfirmation(task) || (imported !== undefined && isSetToRun(task, imported.playing)))
    .sort((a, b) => a.number - b.number);
}

function runOf(task: TaskRecord): z.output<typeof runSchema> {
  const { number, title, tool, assignee, constraints } = task;
  return {
    number,
    title,
    agent: tool,
    model: assignee ?? null,
    order: orderOf(task),
    tools: constraints.allowed_tools ?? null,
  };
}

function digestOf(tasks: readonly TaskRecord[], playing: boolean): string {
  const content = JSON.stringify([playing, ...tasks.map((task) => [task.id, runOf(task)])]);
  return createHash('sha256').update(content).digest('hex');
}

function changedSinceShown(tasks: readonly string[] | undefined): TaskError {
  return new TaskError('ChangedSinceShown', 'The content has changed since it was shown. Nothing was confirmed.', {
    next: [operationStep('Review it again', 'task.confirm', tasks === undefined ? {} : { tasks })],
  });
}
