import type { Approval } from '../../core/task/approval.ts';
import { requireAnswer } from '../../core/task/form-answer.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { requestDigest } from '../../operations/approval/request-digest.ts';
import type { PendingApproval } from '../folders/pending-approvals.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { askText } from '../quick/input.ts';
import { askForm } from './answer-form.ts';
import { approvalTargets } from './approval-target.ts';
import type { CommandContext, Handler } from './context.ts';

export const approve: Handler = (context, args) => approveAll(context, args, false, l10n.t('Approve'));

export const approveForTask: Handler = (context, args) =>
  approveAll(context, args, true, l10n.t('Approve for this task'));

/** Asks for the answer to a question. A caller may give it as the fourth argument. */
export const answer: Handler = async (context, args) => {
  for (const request of (await approvalTargets(context, args, l10n.t('Answer'))) ?? []) {
    await giveAnswer(request, args[3]);
  }
};

/** Asks for a reason for the agent. A caller may pass it as the fourth argument. */
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
              'Reason, sent to the agent if its protocol allows. Enter rejects without a reason, Escape cancels.',
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
  for (const request of (await approvalTargets(context, args, what)) ?? []) {
    const { folder, task, approval } = request;
    // A question needs an answer, so a plain approval is not enough.
    if (approval.kind === 'feedback') await giveAnswer(request, undefined);
    else {
      const shown = requestDigest(task, approval);
      await operate(folder, 'task.approve', { task: task.id, request: approval.id, forTask, shown });
    }
  }
}

async function giveAnswer({ folder, task, approval }: PendingApproval, given: unknown): Promise<void> {
  const words = typeof given === 'string' ? given : await askAnswer(approval);
  if (typeof words === 'string') {
    await operate(folder, 'task.answer', { task: task.id, request: approval.id, answer: words });
  }
}

/** A line of text, or the fields of a form in sequence. */
function askAnswer(approval: Approval): Promise<string | symbol | undefined> {
  const title = l10n.t('Answer: {0}', sanitizeLine(approval.title));
  const fields = approval.detail?.fields ?? [];
  if (fields.length > 0) return askForm(title, fields);
  const prompt = l10n.t('The agent continues with your answer.');
  return askText({ title }, { prompt, check: (value) => wrongAnswer(approval, value) });
}

function wrongAnswer(approval: Approval, value: string): string | undefined {
  try {
    requireAnswer(approval, value);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
