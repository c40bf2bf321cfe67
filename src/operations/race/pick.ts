import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { entrantsOf } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { pickInDraft, settlePick } from '../../runtime/merge/pick.ts';
import type { WithRuns, WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { resolveAtRest, taskReference } from '../task/references.ts';
import { compareRace, comparisonSchema } from './comparison.ts';
import { requireRace } from './race.ts';

/** Picks one result of a race. The other work is discarded, and kept by git for 30 days. */
export const taskRacePick = defineOperation('task.race.pick', {
  input: z.strictObject({
    task: taskReference.describe('Entrant: number, full id or exact title.'),
  }),
  output: comparisonSchema,
  positional: ['task'],
  async run(context: WithRuns & WithWork, { task: reference }) {
    const { store } = context;
    const entrant = await resolveAtRest(context, reference);
    const race = raceOf(context, entrant);
    await store.transact('task.race.pick', (draft) =>
      pickInDraft(draft, draft.require(race.id), draft.require(entrant.id)),
    );
    // Their agents end now: then this discards their work, and not the worker later.
    const entrants = entrantsOf(race.race ?? {}, store.view.children(race.id));
    for (const { id } of entrants) await resolveAtRest(context, id);
    await settlePick(context, store.resolve(race.id));
    await ensureForReady(context);
    return compareRace(context, store.resolve(race.id));
  },
});

function raceOf({ store }: Pick<WithWork, 'store'>, entrant: TaskRecord): TaskRecord {
  const race = entrant.parent_id === undefined ? undefined : store.view.byId(entrant.parent_id);
  if (race?.race !== undefined) return race;
  if (entrant.race !== undefined) {
    throw new TaskError('InvalidInput', `#${entrant.number} is the race itself.`, {
      next: [operationStep('Compare its entrants, and pick one of them', 'task.race.show', { task: entrant.number })],
    });
  }
  requireRace(race ?? entrant);
  return entrant;
}
