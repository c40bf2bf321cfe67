import { z } from 'zod';
import { canTransition } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { cancel } from '../../core/task/session.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksById, tasksSchema } from './output.ts';
import { taskReferences } from './references.ts';

/** Cancels tasks, and the open and failed parts of groups, all of them or none. The result lists the named tasks first. */
export const taskCancel = defineOperation('task.cancel', {
  input: z.strictObject({
    tasks: taskReferences,
    reason: z.string().trim().max(2_000).optional().describe('Reason for the record.'),
  }),
  output: tasksSchema,
  positional: ['tasks'],
  async run(context: WithStandings, { tasks, reason }) {
    const ids = await context.store.transact('task.cancel', (draft) => {
      const named = new Set(tasks.map((reference) => draft.require(reference).id));
      const parts = new Map([...named].flatMap((id) => [...partsToCancel(draft, draft.require(id))]));
      for (const id of named) draft.patch(id, cancel(draft.require(id), draft.at, reason));
      for (const [id, group] of parts) {
        if (named.has(id)) continue;
        const message = `Cancelled with its group #${group.number}`;
        draft.patch(id, cancel(draft.require(id), draft.at, reason === undefined ? message : `${message}: ${reason}`));
        draft.log(id, { message, metadata: { source: 'record' } });
      }
      return [...new Set([...named, ...parts.keys()])];
    });
    return tasksById(context, ids);
  },
});

/** The ids of the tasks below a group that can be cancelled, each with the group. A failed one would still need a person. */
function* partsToCancel(draft: Draft, group: TaskRecord): Iterable<[TaskRecord['id'], TaskRecord]> {
  if (group.kind !== 'group') return;
  const below = new Set([group]);
  for (const each of below) {
    for (const part of draft.children(each.id)) {
      below.add(part);
      if (canTransition(part.status, 'cancelled')) yield [part.id, group];
    }
  }
}
