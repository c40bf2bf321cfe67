import { z } from 'zod';
import { checkDependencies } from '../../core/graph/dependencies.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { taskReference } from '../task/references.ts';

export const taskAddDependency = defineOperation('task.add-dependency', {
  input: z.strictObject({
    task: taskReference,
    dependsOn: z.array(taskReference).min(1).max(100).describe('Dependencies to add.'),
  }),
  output: taskSchema,
  positional: ['task', 'dependsOn'],
  async run(context: WithRuns, input) {
    const id = await context.store.transact('task.add-dependency', (draft) => {
      const task = draft.require(input.task);
      const added = input.dependsOn.map((reference) => draft.require(reference).id);
      const dependsOn = [...new Set([...task.depends_on, ...added])];
      checkDependencies(task, dependsOn, (other) => draft.dependency(other));
      // No other change of the graph may come between the check and the change.
      draft.guardGraph();
      draft.patch(task.id, { depends_on: dependsOn });
      return task.id;
    });
    await ensureForReady(context);
    return taskById(context, id);
  },
});
