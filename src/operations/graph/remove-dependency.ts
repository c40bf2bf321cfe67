import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { taskById, taskSchema } from '../task/output.ts';
import { taskReference } from '../task/references.ts';

/** Also for a dependency that was deleted, by its id. */
export const taskRemoveDependency = defineOperation('task.remove-dependency', {
  input: z.strictObject({
    task: taskReference,
    dependsOn: taskReference.describe('Dependency to remove.'),
  }),
  output: taskSchema,
  positional: ['task', 'dependsOn'],
  async run(context: WithRuns, input) {
    const id = await context.store.transact('task.remove-dependency', (draft) => {
      const task = draft.require(input.task);
      const removed = dependencyOf(task, input.dependsOn, draft);
      const { [removed]: _, ...deleted } = task.deleted_dependencies ?? {};
      draft.patch(task.id, {
        depends_on: task.depends_on.filter((dependency) => dependency !== removed),
        deleted_dependencies: Object.keys(deleted).length === 0 ? undefined : deleted,
      });
      return task.id;
    });
    await ensureForReady(context);
    return taskById(context, id);
  },
});

function dependencyOf(task: TaskRecord, reference: string, draft: Draft): string {
  // A deleted or archived dependency resolves only by the data of the task itself, or by number and title in the
  // archive.
  const number = /^#?(\d{1,9})$/.exec(reference)?.[1];
  const gone = task.depends_on.filter((id) => {
    if (draft.byId(id) !== undefined) return false;
    const archived = draft.dependency(id);
    if (archived !== undefined && (archived.title === reference || archived.number === Number(number))) return true;
    const deleted = task.deleted_dependencies?.[id];
    return id === reference || deleted?.title === reference || deleted?.number === Number(number);
  });
  const [only, second] = gone;
  const id = only !== undefined && second === undefined ? only : draft.require(reference).id;
  if (task.depends_on.includes(id)) return id;
  throw new TaskError('DependencyMissing', `#${task.number} "${task.title}" does not depend on "${reference}".`, {
    next: [operationStep('Show its dependencies', 'task.show', { task: task.number })],
  });
}
