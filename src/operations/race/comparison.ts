import { z } from 'zod';
import { knownSum } from '../../core/known-sum.ts';
import { leastPrecise, precisionOf } from '../../core/policy/precision.ts';
import { notesOf } from '../../core/task/handoff.ts';
import { activeDuration } from '../../core/task/lifecycle.ts';
import { canBeJudged, canBePicked, entrantsOf } from '../../core/task/race.ts';
import { type TaskRecord, taskStatusSchema } from '../../core/task/schema.ts';
import { openWorkspace, workStateOf, workStates } from '../../core/task/workspace.ts';
import { taskChanges } from '../../runtime/worktrees/diff.ts';
import type { WithStandings, WithWork } from '../context.ts';
import { type Verdict, verdictsOf } from './verdicts.ts';

/** Whether an amount is exact, a least one, or an estimate from prices. */
const precision = z.enum(['exact', 'at_least', 'estimate']);
const precisions = z.object({ tokens: precision, cost_usd: precision });

const entrantSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  agent: z.string(),
  model: z.string().nullable(),
  status: taskStatusSchema,
  error: z.string().nullable(),
  picked: z.boolean(),
  /** True if `task.race.pick` takes it now. */
  pickable: z.boolean(),
  /** Changed files and lines; null without a worktree, and if they could not be counted. */
  changes: z.object({ files: z.number().int(), added: z.number().int(), deleted: z.number().int() }).nullable(),
  /** True if the changes could not be counted. */
  uncounted: z.boolean(),
  /** Checks after its work. */
  checks: z.object({
    passed: z.number().int(),
    failed: z.number().int(),
    results: z.array(z.object({ command: z.string(), passed: z.boolean() })),
  }),
  /** Milliseconds of work. */
  duration: z.number(),
  tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
  precision: precisions,
  /** The end of the agent's last message, or its note. */
  notes: z.string(),
  /** The opinion of the judging agent; null without one. */
  judge: z.object({ score: z.number().nullable(), notes: z.string(), best: z.boolean() }).nullable(),
});

/** The entrants of a race beside each other. */
export const comparisonSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  status: taskStatusSchema,
  /** The branch with the picked result; null before the pick, and after its merge or discard. */
  branch: z.string().nullable(),
  /** The fate of the picked result; null before the pick, and if it changed no file. */
  work: z.enum(workStates).nullable(),
  entrants: z.array(entrantSchema),
  /** The task that judges the results; null without one. */
  judge: z.object({ number: z.number().int(), status: taskStatusSchema }).nullable(),
  /** True if `task.race.judge` takes it now. */
  judgeable: z.boolean(),
  /** Sums of all parts of the race; null if no agent reported them. */
  usage: z.object({ tokens: z.number().nullable(), cost_usd: z.number().nullable(), precision: precisions }),
});

export type Comparison = z.output<typeof comparisonSchema>;

/** Compares the entrants of a race by their changes, checks, time, spend and notes. */
export async function compareRace(context: WithStandings & WithWork, race: TaskRecord): Promise<Comparison> {
  const { store } = context;
  const parts = [...store.view.children(race.id)];
  const judge = parts.find(({ id }) => id === race.race?.judge);
  const entrants = entrantsOf(race.race ?? {}, parts);
  const verdicts = judge === undefined ? new Map<number, Verdict>() : verdictsOf(judge);
  const picked = entrants.find(({ id }) => id === race.race?.picked);
  const now = Date.now();
  return {
    id: race.id,
    number: race.number,
    title: race.title,
    status: race.status,
    branch: openWorkspace(race)?.branch ?? null,
    work: workStateOf(race) ?? (picked === undefined ? undefined : workStateOf(picked)) ?? null,
    entrants: await Promise.all(
      entrants.map(async (task) => ({
        id: task.id,
        number: task.number,
        title: task.title,
        agent: task.tool,
        model: task.assignee ?? null,
        status: task.status,
        error: task.error ?? null,
        picked: race.race?.picked === task.id,
        pickable: race.race?.picked === undefined && canBePicked(task),
        ...(await changesOf(context, task)),
        checks: checksOf(task),
        duration: Math.round(activeDuration(task, now)),
        tokens: task.usage?.total_tokens ?? null,
        cost_usd: task.usage?.cost_usd ?? null,
        precision: precisionsOf([task]),
        notes: notesOf(task),
        judge: verdicts.get(task.number) ?? null,
      })),
    ),
    judge: judge === undefined ? null : { number: judge.number, status: judge.status },
    judgeable: canBeJudged(race.race ?? {}, entrants, judge),
    usage: {
      tokens: knownSum(parts.map(({ usage }) => usage?.total_tokens)),
      cost_usd: knownSum(parts.map(({ usage }) => usage?.cost_usd)),
      precision: precisionsOf(parts),
    },
  };
}

async function changesOf(
  context: WithWork,
  task: TaskRecord,
): Promise<Pick<Comparison['entrants'][number], 'changes' | 'uncounted'>> {
  if (task.workspace === undefined || task.executions.length === 0) return { changes: null, uncounted: false };
  try {
    const { files } = await taskChanges(context, task, { detail: 'count' });
    const total = (lines: readonly (number | null)[]): number =>
      lines.reduce<number>((all, one) => all + (one ?? 0), 0);
    const [added, deleted] = [total(files.map((file) => file.added)), total(files.map((file) => file.deleted))];
    return { changes: { files: files.length, added, deleted }, uncounted: false };
  } catch (error) {
    // A comparison without one number is better than none.
    context.logger.warn(`The changes of #${task.number} could not be counted.`, error);
    return { changes: null, uncounted: true };
  }
}

function checksOf(task: TaskRecord): Comparison['entrants'][number]['checks'] {
  const checks = task.executions.findLast((execution) => execution.checks !== undefined)?.checks ?? [];
  const results = checks.map(({ command, passed }) => ({ command, passed }));
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, results };
}

function precisionsOf(tasks: readonly TaskRecord[]): z.output<typeof precisions> {
  const of = (kind: 'tokens' | 'cost') => leastPrecise(tasks.map(({ usage }) => precisionOf(kind, usage)));
  return { tokens: of('tokens'), cost_usd: of('cost') };
}
