import { operationStep } from '../../../core/next-step.ts';
import type { Finding } from '../../maintenance.ts';
import { missingTasks, type RestoreContext } from './restore-copy.ts';

/** Reports a store that was removed or emptied while a copy of its tasks is left. */
export async function checkCopy(context: RestoreContext): Promise<Finding[]> {
  const missing = await missingTasks(context);
  if (missing === undefined) return [];
  const { tasks, savedAt } = missing;
  const these = tasks.length === 1 ? '1 task is' : `${tasks.length} tasks are`;
  return [
    {
      code: 'tasks-missing',
      what: `${these} in the copy of ${savedAt} outside of the folder, and not in the store: git clean or a person removed them.`,
      advice: `Restoring brings them back without their logs; none of them is queued. If you do not want them, delete ${missing.file}.`,
      next: [operationStep('Bring them back', 'doctor', { restore: true })],
    },
  ];
}
