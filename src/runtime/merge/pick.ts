import { TaskError } from '../../core/errors.ts';
import { knownSum } from '../../core/known-sum.ts';
import { operationStep } from '../../core/next-step.ts';
import { notesOf } from '../../core/task/handoff.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import { canBePicked, entrantsOf, lostRace } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { cancel, complete } from '../../core/task/session.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { discardTask } from '../worktrees/discard.ts';
import { removeLeftovers } from '../worktrees/leftovers.ts';
import type { WorktreeContext } from '../worktrees/review.ts';
import { adoptPart } from './merge-parts.ts';

/**
 * Records the picked entrant of a race, completes it and cancels the others, in one change. A second call with the same
 * entrant changes nothing.
 *
 * @throws TaskError `IllegalTransition` for an entrant without a result, or if another one was picked
 */
export function pickInDraft(draft: Draft, race: TaskRecord, entrant: TaskRecord): void {
  const { race: decision = {} } = race;
  if (decision.picked === entrant.id) return;
  const entrants = entrantsOf(decision, draft.children(race.id));
  requirePickable(race, entrant, entrants);
  if (entrant.status !== 'completed') draft.patch(entrant.id, complete(entrant, draft.at, { reason: 'picked' }));
  const parts = [...draft.children(race.id)];
  for (const other of parts) {
    if (other.id === entrant.id || isTerminal(other.status)) continue;
    draft.patch(other.id, cancel(other, draft.at, `#${entrant.number} was picked`));
  }
  const { number, title } = entrant;
  const usage = {
    total_tokens: knownSum(parts.map((part) => part.usage?.total_tokens)),
    cost_usd: knownSum(parts.map((part) => part.usage?.cost_usd)),
  };
  const result = { picked: { number, title, notes: notesOf(entrant) }, usage };
  draft.patch(race.id, { race: { ...decision, picked: entrant.id }, result });
  draft.log(race.id, { message: `Picked #${number} ${title}`, metadata: { source: 'record' } });
}

function requirePickable(race: TaskRecord, entrant: TaskRecord, entrants: readonly TaskRecord[]): void {
  if (!entrants.some(({ id }) => id === entrant.id)) {
    throw new TaskError('InvalidInput', `#${entrant.number} does not take part in the race #${race.number}.`, {
      next: [operationStep('Compare those that do', 'task.race.show', { task: race.number })],
    });
  }
  const picked = entrants.find(({ id }) => id === race.race?.picked);
  if (picked !== undefined) {
    throw new TaskError('IllegalTransition', `#${picked.number} was picked in the race #${race.number} already.`, {
      next: [operationStep('Show its changes', 'task.diff', { task: race.number })],
    });
  }
  if (canBePicked(entrant)) return;
  throw new TaskError('IllegalTransition', `#${entrant.number} is ${entrant.status} and has no result yet.`, {
    next: [operationStep('Compare the entrants', 'task.race.show', { task: race.number })],
  });
}

/**
 * Makes the work of the picked entrant that of the race, and discards the work of the others, which git keeps for 30 days.
 * Work of an entrant that still ends is discarded by its worker. May be repeated after a crash.
 */
export async function settlePick(context: WorktreeContext, race: TaskRecord): Promise<void> {
  const { store } = context;
  const parts = [...store.view.children(race.id)];
  await removeLeftovers(context, parts);
  const picked = parts.find(({ id }) => id === race.race?.picked);
  if (picked !== undefined) {
    await adoptPart(context, race, picked).catch(async (error: unknown) => {
      // Another process may have moved the branch meanwhile; the second attempt starts from its state.
      if (!TaskError.is(error, 'GitFailed')) throw error;
      await store.refresh();
      await adoptPart(context, store.view.byId(race.id) ?? race, store.view.byId(picked.id) ?? picked);
    });
  }
  for (const part of parts) await discardLoser(context, part);
}

/** Discards the work of an entrant that another one beat. Does nothing for other tasks, and while an agent works. */
export async function discardLoser(context: WorktreeContext, task: TaskRecord): Promise<void> {
  if (!isSettled(context, task)) return;
  try {
    await discardTask(context, task, true);
  } catch (error) {
    const { message, next } = TaskError.from(error);
    await context.store.addLog(task.id, `Not discarded: ${message}`, 'warn', { source: 'worktree', next });
  }
}

function isSettled({ store }: WorktreeContext, task: TaskRecord): boolean {
  const lost = lostRace(task, (id) => store.view.byId(id));
  return lost && task.lease === undefined && isTerminal(task.status) && openWorkspace(task) !== undefined;
}

/** Finishes the picks that a crash interrupted. */
export async function finishPicks(context: WorktreeContext): Promise<void> {
  for (const race of [...context.store.view.all()]) {
    if (race.race?.picked === undefined) continue;
    const open = [...context.store.view.children(race.id)].some((part) => openWorkspace(part) !== undefined);
    if (!open) continue;
    try {
      await settlePick(context, race);
    } catch (error) {
      context.logger.warn(`The pick of #${race.number} could not be finished.`, error);
    }
  }
}
