import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

/** Opens the page that compares the entrants of a race. */
export const pickResult: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'comparable', l10n.t('Compare the results of a race'));
  if (target !== undefined) (await context.races.get()).show({ folder: target.folder, id: target.task.id });
};
