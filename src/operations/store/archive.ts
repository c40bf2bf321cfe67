import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { taskRecordSchema } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskReferences } from '../task/references.ts';

/** An archived task in a list. The list does not read the records. */
export const archivedSchema = taskRecordSchema.pick({ id: true, number: true, title: true, status: true });

const spanMs = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;

export const spanSchema = z
  .string()
  .trim()
  .regex(/^\d{1,6}[dhm]$/, 'not a span of time: use 30d, 12h or 90m');

/** The time a given duration ago. */
export function momentBefore(span: string, now: number): string {
  const unit = span.slice(-1) as keyof typeof spanMs;
  return new Date(now - Number(span.slice(0, -1)) * spanMs[unit]).toISOString();
}

/** Removes ended tasks from memory, all named ones or none; `task list --archived` lists them. */
export const taskArchive = defineOperation('task.archive', {
  input: z.strictObject({
    tasks: taskReferences.optional(),
    olderThan: spanSchema
      .optional()
      .meta({ value: 'span' })
      .describe('Tasks that ended longer ago than this: 30d, 12h or 90m.'),
    dryRun: z.boolean().optional().describe('List the tasks without archiving them.'),
  }),
  output: z.object({ tasks: z.array(archivedSchema), dry_run: z.boolean() }),
  positional: ['tasks'],
  async run({ store }: WithStore, { tasks, olderThan, dryRun = false }) {
    if ((tasks === undefined) === (olderThan === undefined)) {
      throw new TaskError('InvalidInput', 'Say which tasks: name them, or give an age.', {
        next: [
          operationStep('Name tasks', 'task.archive', {}, ['tasks']),
          operationStep('Or an age', 'task.archive', { olderThan: '30d' }),
        ],
      });
    }
    await store.refresh();
    const found =
      olderThan !== undefined
        ? await store.archive.addEndedBy(momentBefore(olderThan, Date.now()), dryRun)
        : await store.archive.add(tasks ?? [], dryRun);
    return { tasks: found.map(brief), dry_run: dryRun };
  },
});

export function brief(task: z.output<typeof taskRecordSchema>): z.output<typeof archivedSchema> {
  const { id, number, title, status } = task;
  return { id, number, title, status };
}
