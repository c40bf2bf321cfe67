import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { askText, required } from '../quick/input.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

/** Sends another prompt to a task whose session is open. A caller may give it as the third argument. */
export const followUp: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'followable', l10n.t('Send a follow-up'));
  if (target === undefined) return;
  const { folder, task } = target;
  const given = args[2];
  const prompt =
    typeof given === 'string'
      ? given
      : await askText(
          { title: l10n.t('Follow up on #{0}', task.number) },
          {
            prompt: l10n.t('Next prompt for the agent. It continues the same session.'),
            placeholder: l10n.t('For example: now add a test for it'),
            check: required(l10n.t('A prompt')),
          },
        );
  if (typeof prompt === 'string') await operate(folder, 'task.follow-up', { task: task.id, prompt });
};
