import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { placedItems, planLimits } from '../../core/plan/plan.ts';
import { exportFormats, exportText } from '../../formats/export/export-text.ts';
import { exportFiles, type FolderFormat, folderFormats } from '../../formats/export/folders.ts';
import { planOfTasks } from '../../formats/export/plan-of-tasks.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { taskFields } from '../task/fields.ts';

const formats = [...exportFormats, ...folderFormats] as const;

/** Writes tasks as a text, or as files of a folder, that an importer reads. */
export const exportTasks = defineOperation('export', {
  input: z.strictObject({
    to: z.enum(formats).optional().describe('Format. Default: json, which keeps every planned field.'),
    project: taskFields.project.optional().describe('Only tasks of this project.'),
  }),
  output: z.object({
    format: z.enum(formats),
    /** Number of exported tasks. */
    tasks: z.number().int(),
    /** Empty for a format with a file for each task. */
    text: z.string(),
    /** The files of such a format, with paths relative to their folder. */
    files: z.array(z.object({ name: z.string(), text: z.string() })).readonly(),
    notes: z.array(z.string()).readonly(),
  }),
  positional: [],
  async run({ store }: WithStore, { to = 'json', project }) {
    await store.refresh();
    const tasks = [...store.view.all()].filter((task) => project === undefined || task.project === project);
    if (tasks.length === 0) {
      const where = project === undefined ? '' : ` in project "${project}"`;
      throw new TaskError('InvalidInput', `There are no tasks${where} to export.`);
    }
    const plan = planOfTasks(tasks);
    const exported = placedItems(plan).length;
    const omitted = tasks.length - exported;
    const notes =
      omitted === 0
        ? []
        : [`${omitted} tasks are nested more than ${planLimits.depth} levels deep. They were not exported.`];
    const files = isFolderFormat(to) ? exportFiles(plan, to) : [];
    return { format: to, tasks: exported, text: isFolderFormat(to) ? '' : exportText(plan, to), files, notes };
  },
});

function isFolderFormat(format: (typeof formats)[number]): format is FolderFormat {
  return folderFormats.some((each) => each === format);
}
