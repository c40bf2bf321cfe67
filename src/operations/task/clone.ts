import { z } from 'zod';
import { cloneFields } from '../../core/task/clone.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { addTask } from '../../store/task-changes.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { taskFields } from './fields.ts';
import { taskById, taskSchema } from './output.ts';
import { taskReference } from './references.ts';

/** Creates a pending copy of a task. Parts of the copy depend on each other as the originals do. */
export const taskClone = defineOperation('task.clone', {
  input: z.strictObject({
    task: taskReference,
    title: taskFields.title.optional().describe('Title of the copy. Default: the same.'),
    parts: z.boolean().optional().describe('Also copy its subtasks.'),
  }),
  output: taskSchema,
  positional: ['task', 'title'],
  async run(context: WithRuns, { task: reference, title, parts }) {
    const id = await context.store.transact('task.clone', (draft) => {
      const task = draft.require(reference);
      return cloneInto(draft, parts === true ? withParts(draft, task) : [task], title);
    });
    await ensureForReady(context);
    return taskById(context, id);
  },
});

/** A task and everything below it, parents first. */
function withParts(draft: Draft, task: TaskRecord): TaskRecord[] {
  const all = new Set([task]);
  for (const each of all) for (const part of draft.children(each.id)) all.add(part);
  return [...all];
}

/** @returns the id of the copy of the first task */
function cloneInto(draft: Draft, tasks: readonly TaskRecord[], title: string | undefined): TaskRecord['id'] {
  const copies = new Map<string, TaskRecord['id']>();
  const [top] = tasks;
  for (const task of tasks) {
    const fields = cloneFields(task);
    const parentId = fields.parentId === undefined ? undefined : (copies.get(fields.parentId) ?? fields.parentId);
    // Dependencies between parts follow when every part has its copy.
    const dependsOn = (fields.dependsOn ?? []).filter((id) => !tasks.some((each) => each.id === id));
    const { id } = addTask(draft, {
      ...fields,
      ...(task === top && title !== undefined ? { title } : {}),
      parentId: parentId !== undefined && draft.byId(parentId) === undefined ? undefined : parentId,
      dependsOn: dependsOn.filter((each) => draft.byId(each) !== undefined),
    });
    copies.set(task.id, id);
  }
  for (const task of tasks) {
    const [id, inner] = [copies.get(task.id), task.depends_on.flatMap((each) => copies.get(each) ?? [])];
    if (id !== undefined && inner.length > 0) {
      draft.patch(id, { depends_on: [...draft.require(id).depends_on, ...inner] });
    }
  }
  return copies.get(top?.id ?? '') as TaskRecord['id'];
}
