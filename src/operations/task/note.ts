import { z } from 'zod';
import type { WithActor, WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskById, taskSchema } from './output.ts';
import { resolveOne, taskReference } from './references.ts';

/** Adds an entry to the log in the name of the person, without a message to the agent. */
export const taskNote = defineOperation('task.note', {
  input: z.strictObject({
    task: taskReference,
    text: z.string().trim().min(1).max(10_000).meta({ text: true }).describe('Text of the note.'),
  }),
  output: taskSchema,
  positional: ['task', 'text'],
  async run(context: WithStandings & WithActor, { task: reference, text }) {
    const { id } = await resolveOne(context, reference);
    await context.store.appendLog(id, [{ prefix: 'note', message: text, metadata: { source: context.actor } }]);
    return taskById(context, id);
  },
});
