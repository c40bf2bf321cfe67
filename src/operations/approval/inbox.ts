import { z } from 'zod';
import { pendingApprovals } from '../../core/task/approval.ts';
import { approvalSchema } from '../../core/task/approval-schema.ts';
import { needingPerson, needs } from '../../core/task/needs.ts';
import { taskRecordSchema } from '../../core/task/schema.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { standings } from '../queue/standings.ts';

const itemSchema = taskRecordSchema.pick({ id: true, number: true, title: true, status: true }).extend({
  /** Why it needs a person. */
  need: z.enum(needs),
  /** Its pending requests. */
  requests: z.array(approvalSchema),
  /** Why it failed. */
  error: z.string().optional(),
});

export type InboxItem = z.output<typeof itemSchema>;

/** Everything in the folder that needs a person, the most pressing first. */
export const inbox = defineOperation('inbox', {
  input: z.strictObject({
    need: z.array(z.enum(needs)).optional().meta({ commas: true }).describe('Only tasks with these needs.'),
  }),
  output: z.object({ items: z.array(itemSchema), total: z.number().int() }),
  positional: [],
  async run(context: WithStandings, input) {
    await context.store.refresh();
    const standingOf = await standings(context);
    const found = needingPerson(context.store.view.all(), standingOf).filter(
      ({ need }) => input.need === undefined || input.need.includes(need),
    );
    const items = found.slice(0, 1_000).map(({ task, need }) => ({
      id: task.id,
      number: task.number,
      title: task.title,
      status: task.status,
      need,
      requests: pendingApprovals(task),
      ...(task.error === undefined ? {} : { error: task.error }),
    }));
    return { items, total: found.length };
  },
});
