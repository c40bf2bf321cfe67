import { sanitizeLine } from '../../core/text/sanitize.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { askText } from '../quick/input.ts';
import { approvalTargets } from './approval-target.ts';
import type { CommandContext, Handler } from './context.ts';

export const approve: Handler = (context, args) => approveAll(context, args, false, l10n.t('Approve'));

export const approveForTask: Handler = (context, args) =>
  approveAll(context, args, true, l10n.t('Approve for this task'));

/** Asks for a reason, which the agent gets to read where it can. A caller may give it as the fourth argument. */
export const reject: Handler = async (context, args) => {
  const requests = await approvalTargets(context, args, l10n.t('Reject'));
  const [first] = requests ?? [];
  if (requests === undefined || first === undefined) return;
  const given = args[3];
  const reason =
    typeof given === 'string'
      ? given
      : await askText(
          { title: l10n.t('Reject: {0}', sanitizeLine(first.approval.title)) },
          {
            prompt: l10n.t(
              'Why? The agent reads it where it can. Enter rejects without a reason, Escape does nothing.',
            ),
            placeholder: l10n.t('For example: change the test, not the code'),
          },
        );
  if (typeof reason !== 'string') return;
  for (const { folder, task, approval } of requests) {
    await operate(folder, 'task.reject', {
      task: task.id,
      request: approval.id,
      ...(reason.trim() === '' ? {} : { reason }),
    });
  }
};

export const showRequest: Handler = async (context, args) => {
  for (const request of (await approvalTargets(context, args, l10n.t('Show a request'))) ?? []) {
    await context.requests.show(request);
  }
};

async function approveAll(
  context: CommandContext,
  args: readonly unknown[],
  forTask: boolean,
  what: string,
): Promise<void> {
  for (const { folder, task, approval } of (await approvalTargets(context, args, what)) ?? []) {
    await operate(folder, 'task.approve', { task: task.id, request: approval.id, forTask });
  }
}
