import { z } from 'zod';
import type { WithStandings, WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveOne, taskReference } from '../task/references.ts';
import { compareRace, comparisonSchema } from './comparison.ts';
import { requireRace } from './race.ts';

/** Compares the entrants of a race. Git runs filters that the repository names, so that this runs programs. */
export const taskRaceShow = defineOperation('task.race.show', {
  input: z.strictObject({ task: taskReference }),
  output: comparisonSchema,
  positional: ['task'],
  async run(context: WithStandings & WithWork, { task: reference }) {
    const race = await resolveOne(context, reference);
    requireRace(race);
    return compareRace(context, race);
  },
});
