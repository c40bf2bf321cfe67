import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { addTask } from '../../store/task-changes.ts';
import type { WithStandings } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskFields } from '../task/fields.ts';
import { taskById, taskSchema } from '../task/output.ts';

/** Creates a project: a group of this name that holds its tasks. */
export const projectCreate = defineOperation('project.create', {
  input: z.strictObject({
    name: z.string().trim().min(1).max(200).describe('Name of the project.'),
    description: taskFields.description.optional(),
  }),
  output: taskSchema,
  positional: ['name'],
  async run(context: WithStandings, { name, description }) {
    const id = await context.store.transact('project.create', (draft) => {
      for (const task of draft.byProject(name)) {
        if (task.kind !== 'group' || task.title !== name) continue;
        throw new TaskError('InvalidInput', `There is a project "${sanitizeLine(name)}" already, #${task.number}.`, {
          next: [operationStep('Use it, or choose another name', 'project.show', { name })],
        });
      }
      return addTask(draft, { kind: 'group', title: name, project: name, description }).id;
    });
    return taskById(context, id);
  },
});
