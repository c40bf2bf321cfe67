import { taskTypeOf } from '../assess/task-type.ts';
import { quantileOf } from '../metrics/spread.ts';
import { operationStep } from '../next-step.ts';
import { type BudgetKind, limitNames } from '../policy/limit-names.ts';
import type { TaskRecord } from '../task/schema.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { grouped, type Insight, latestTasks, MIN_REPEATS, medianOf } from './insight.ts';

/** A limit of iterations is absent: a task that uses all of them is normal. */
const kinds = ['tokens', 'cost', 'minutes'] as const satisfies readonly BudgetKind[];
type Kind = (typeof kinds)[number];

const words: Readonly<Record<Kind, string>> = { tokens: 'token limit', cost: 'cost limit', minutes: 'time limit' };
/** Room above the spend of nine in ten tasks. */
const ROOM = 1.2;

/** A task that has run with a limit. */
interface Limited {
  readonly task: TaskRecord;
  readonly kind: Kind;
  /** The first limit: people raise a limit that was too low. */
  readonly limit: number;
  readonly spent: number;
}

/** Higher limits for labels and types of which at least half of the tasks reached their limit. */
export function limitInsights(tasks: Iterable<TaskRecord>): Insight[] {
  const limited = [...tasks].flatMap(limitsOf);
  const byLabel = limited.flatMap((one) => [...new Set(one.task.labels)].map((label) => ({ ...one, label })));
  const insights = [...grouped(byLabel, ({ kind, label }) => JSON.stringify([kind, label])).values()].flatMap((group) =>
    insightOf(group, `label "${sanitizeLine(group[0]?.label ?? '')}"`, { label: [group[0]?.label ?? ''] }),
  );
  const byType = limited.map((one) => ({ ...one, type: taskTypeOf(one.task).type }));
  for (const group of grouped(byType, ({ kind, type }) => `${kind} ${type}`).values()) {
    const found = insightOf(group, `type ${group[0]?.type}`, {});
    // A label that explains the same tasks is more exact.
    insights.push(...found.filter((one) => !insights.some((other) => isSame(one, other))));
  }
  return insights;
}

function limitsOf(task: TaskRecord): Limited[] {
  if (task.kind !== 'work' || task.executions.length === 0) return [];
  return kinds.flatMap((kind): Limited[] => {
    const limit = firstLimit(task, limitNames[kind].constraint);
    const spent = spentOf(task, kind);
    return limit === undefined || spent === undefined ? [] : [{ task, kind, limit, spent }];
  });
}

function firstLimit({ constraints, history }: TaskRecord, field: (typeof limitNames)[Kind]['constraint']) {
  const earlier = history
    .flatMap(({ changes = [] }) => changes)
    .filter((change) => change.field === field)
    .map(({ from }) => Number(from ?? Number.NaN))
    .find((value) => Number.isFinite(value) && value > 0);
  return earlier ?? constraints[field];
}

function spentOf({ usage, active_ms: workMs }: TaskRecord, kind: Kind): number | undefined {
  if (kind === 'minutes') return workMs / 60_000;
  return kind === 'cost' ? usage?.cost_usd : usage?.total_tokens;
}

function insightOf(group: readonly Limited[], of: string, input: Readonly<Record<string, unknown>>): Insight[] {
  const [first] = group;
  const over = group.filter(({ spent, limit }) => spent >= limit);
  if (first === undefined || over.length < MIN_REPEATS || 2 * over.length < group.length) return [];
  const { kind } = first;
  const factor = medianOf(over.map(({ spent, limit }) => spent / limit)) ?? 1;
  const spends = over.map(({ spent }) => spent).sort((a, b) => a - b);
  const rounded = roundedUp((quantileOf(spends, 0.9) ?? 0) * ROOM);
  const wanted = kind === 'tokens' ? Math.ceil(rounded) : rounded;
  const tasks = latestTasks(over.map(({ task }) => task.number));
  return [
    {
      kind: 'limits',
      subject: `${kind}, ${of}`,
      message: `${over.length} of ${group.length} tasks with ${of} reached their ${words[kind]}: they used ${factor.toFixed(1)} times the limit (median).`,
      evidence: { cases: group.length, supporting: over.length, factor, tasks },
      next: operationStep(
        'Set a higher limit for the next one',
        'task.create',
        { ...input, [limitNames[kind].option]: wanted },
        ['title'],
      ),
    },
  ];
}

/** Two significant digits. */
function roundedUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}

function isSame(one: Insight, other: Insight): boolean {
  const key = ({ subject, evidence: { cases, supporting, tasks } }: Insight): string =>
    JSON.stringify([subject.split(',')[0], cases, supporting, tasks]);
  return key(one) === key(other);
}
