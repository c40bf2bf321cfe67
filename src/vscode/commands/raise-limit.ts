import { type BudgetShare, budgetShares, isOver, spentOfLimit } from '../../core/policy/budget.ts';
import { limitNames } from '../../core/policy/limit-names.ts';
import { withPhaseLimit } from '../../core/policy/phase-spend.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { askText } from '../quick/input.ts';
import type { Handler, TaskTarget } from './context.ts';
import { taskTarget } from './task-target.ts';

/** Asks for a higher limit of a task that its limit has paused, and resumes the task. */
export const raiseLimit: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'limited', l10n.t('Raise the limit of a task'));
  if (target === undefined) return;
  const { folder, task } = target;
  const { store } = await folder.ready();
  // Its own limit and those of its parents: each reached one stops it again.
  for (const share of budgetShares(task, store.view, Date.now()).filter((one) => isOver(one, 'next'))) {
    const limit = await askLimit(target, share);
    if (limit === undefined) return;
    const { constraint, option } = limitNames[share.kind];
    const change =
      share.phase === undefined ? { [option]: limit } : { workflow: withPhaseLimit(share.owner, constraint, limit) };
    await operate(folder, 'task.update', { task: share.owner.id, ...change });
  }
  // Raised while the agent was still being stopped, or by another person: there is nothing to resume then.
  await store.refresh();
  const now = store.view.byId(task.id);
  if (now?.status !== 'paused' || now.queued_at !== undefined) return;
  await operate(folder, 'task.resume', { tasks: [task.id] });
};

async function askLimit({ task }: TaskTarget, share: BudgetShare): Promise<number | undefined> {
  const { limit, owner, spent = 0 } = share;
  const answer = await askText(
    { title: l10n.t('Raise the limit of task #{0} {1}', owner.number, sanitizeLine(owner.title)) },
    {
      prompt: l10n.t('New total limit ({0} used). Task #{1} resumes with it.', spentOfLimit(share, spent), task.number),
      value: String(limit * 2),
      check: (value) => wrongLimit(value, share),
    },
  );
  return typeof answer === 'string' ? Number(answer) : undefined;
}

function wrongLimit(value: string, { kind, spent = 0 }: BudgetShare): string | undefined {
  const number = Number(value);
  const whole = kind === 'cost' || kind === 'minutes' || Number.isSafeInteger(number);
  if (value.trim() === '' || !Number.isFinite(number) || !whole) return l10n.t('Enter a number.');
  return number > spent ? undefined : l10n.t('Enter more than {0}, the amount already used.', spent);
}
