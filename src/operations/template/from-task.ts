import { z } from 'zod';
import { templateOf } from '../../formats/template/from-task.ts';
import { writeTemplate } from '../../runtime/templates/template-files.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskReference } from '../task/references.ts';
import { templateName } from './template-output.ts';

/** Writes a template file from an existing task and its direct parts. */
export const templateFromTask = defineOperation('template.from-task', {
  input: z.strictObject({ task: taskReference.describe('Task to make a template of.'), name: templateName.optional() }),
  output: z.object({ name: z.string(), file: z.string() }),
  positional: ['task', 'name'],
  async run({ store }: WithStore, { task: reference, name }) {
    await store.refresh();
    const task = store.resolve(String(reference));
    const parts = [...store.view.children(task.id)].sort((a, b) => a.number - b.number);
    const chosen = name ?? `task-${task.number}`;
    return { name: chosen, file: await writeTemplate(store.folder, chosen, templateOf(task, parts)) };
  },
});
