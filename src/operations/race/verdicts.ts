import { z } from 'zod';
import { notesOf } from '../../core/task/handoff.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { jsonIn } from '../../core/text/json-in.ts';

/** The answer of a judging agent. It is only shown: a person picks. */
const verdictSchema = z.object({
  verdicts: z
    .array(
      z.object({ task: z.number().int(), score: z.number().min(0).max(10).optional(), notes: z.string().max(5_000) }),
    )
    .max(100),
  best: z.number().int().optional(),
});

/** The opinion about one entrant. */
export interface Verdict {
  /** From 0 to 10. */
  readonly score: number | null;
  readonly notes: string;
  readonly best: boolean;
}

/** The opinions of a judging task by the numbers of the entrants; none before its end, or in another form. */
export function verdictsOf(judge: TaskRecord): Map<number, Verdict> {
  const found = jsonIn(notesOf(judge), verdictSchema);
  const { verdicts = [], best } = found ?? {};
  return new Map(
    verdicts.map(({ task, score = null, notes }) => [task, { score, notes, best: task === best }] as const),
  );
}
