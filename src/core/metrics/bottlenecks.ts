import { budgetShares, isOver } from '../policy/budget.ts';
import type { BudgetKind } from '../policy/limit-names.ts';
import { pendingApprovals } from '../task/approval.ts';
import { openDependencies } from '../task/dependencies.ts';
import { isTerminal } from '../task/lifecycle.ts';
import type { TaskRecord } from '../task/schema.ts';
import { type Spread, spreadOf } from './spread.ts';
import { hasRun, timesOf } from './times.ts';

const MINUTE_MS = 60_000;
/** The time for an answer of a person before it counts as a delay. */
const LONG_WAIT_MS = 30 * MINUTE_MS;
/** This multiple of the usual time of finished tasks, and at least this long, is slow. */
const SLOW_TIMES = 3;
const SLOW_MS = 10 * MINUTE_MS;
/** Fewer finished tasks define no usual amount. */
const FEWEST = 5;
const OFTEN = 2;
/** A task that blocks this many is at the top; counting further would take the square of them. */
const MOST_COUNTED = 1_000;
/** Tasks between two rests. */
const PER_REST = 500;

export const bottleneckKinds = ['blocks', 'waits', 'budget', 'fails', 'interrupted', 'slow'] as const;
export type BottleneckKind = (typeof bottleneckKinds)[number];

/** A bottleneck and its kind. */
export interface Bottleneck {
  readonly task_id: string;
  readonly number: number;
  readonly task_title: string;
  readonly kind: BottleneckKind;
  /** One sentence for a person. */
  readonly issue: string;
  /** Minutes that it has cost, as far as they can be counted; the worst come first. */
  readonly minutes: number;
  /** Number of tasks that wait for this one, also through others; counted up to 1,000. */
  readonly holds_up: number;
}

/** The part of a store that finds bottlenecks. */
export interface TaskGraph {
  byId(id: string): TaskRecord | undefined;
  /** Also of those that are archived. */
  dependency(id: string): TaskRecord | undefined;
  children(id: string): Iterable<TaskRecord>;
  dependents(id: string): Iterable<TaskRecord>;
}

/**
 * The tasks that block others, wait for a person, are stopped by a limit, fail again and again, or are slow beside the
 * rest. Those that block most tasks come first, then those that cost most time.
 *
 * @param rest is awaited every few hundred tasks, so that a window stays responsive
 */
export async function findBottlenecks(
  tasks: Iterable<TaskRecord>,
  graph: TaskGraph,
  now: number,
  rest: () => Promise<void>,
): Promise<Bottleneck[]> {
  const work = [...tasks].filter((task) => task.kind === 'work');
  const times: number[] = [];
  const found: Bottleneck[] = [];
  for (const [at, task] of work.entries()) {
    if (at % PER_REST === 0) await rest();
    if (isDone(task) && hasRun(task)) times.push(timesOf(task, now).work);
  }
  const usual = spreadOf(times);
  for (const [at, task] of work.entries()) {
    if (at % PER_REST === 0) await rest();
    found.push(...bottlenecksOf(task, graph, usual, now));
  }
  return found.sort((a, b) => b.holds_up - a.holds_up || b.minutes - a.minutes || a.number - b.number);
}

/** Spread of the work of completed tasks that ran, in milliseconds; undefined without such tasks. */
export function usualWork(tasks: Iterable<TaskRecord>, now: number): Spread | undefined {
  const done = [...tasks].filter((task) => task.kind === 'work' && isDone(task) && hasRun(task));
  return spreadOf(done.map((task) => timesOf(task, now).work));
}

/** The bottlenecks of one task, beside the usual values. */
export function bottlenecksOf(
  task: TaskRecord,
  graph: TaskGraph,
  usual: Spread | undefined,
  now: number,
): Bottleneck[] {
  const { id, number, title } = task;
  // In a chain of tasks only the first one is the bottleneck.
  const waits = openDependencies(task, (other) => graph.dependency(other)).length > 0;
  const holds = isDone(task) || waits ? 0 : heldUpBy(task, graph);
  return [...reasons(task, graph, holds, usual, now)].map((reason) => ({
    task_id: id,
    number,
    task_title: title,
    holds_up: holds,
    ...reason,
  }));
}

type Reason = Pick<Bottleneck, 'kind' | 'issue' | 'minutes'>;

function* reasons(
  task: TaskRecord,
  graph: TaskGraph,
  holds: number,
  usual: Spread | undefined,
  now: number,
): Iterable<Reason> {
  const times = timesOf(task, now);
  const minutes = (ms: number): number => ms / MINUTE_MS;
  if (holds > 0 && (task.status === 'failed' || task.status === 'cancelled')) {
    const ended = task.completed_at === undefined ? now : Date.parse(task.completed_at);
    const how = task.status === 'failed' ? 'failed' : 'was cancelled';
    yield { kind: 'blocks', issue: `It ${how}, and ${others(holds)} for it.`, minutes: minutes(now - ended) };
  } else if (holds > OFTEN) {
    yield { kind: 'blocks', issue: `${capital(others(holds))} for it.`, minutes: minutes(times.elapsed) };
  }
  const open = pendingApprovals(task).length;
  if (times.asking >= LONG_WAIT_MS) {
    const verb = open > 0 ? 'has been waiting' : 'waited';
    yield { kind: 'waits', issue: `It ${verb} ${spoken(times.asking)} for a person.`, minutes: minutes(times.asking) };
  }
  const over = isTerminal(task.status) ? [] : budgetShares(task, graph, now).filter((share) => isOver(share, 'next'));
  if (over.length > 0) {
    const kinds = [...new Set(over.map(({ kind }) => limitNames[kind]))].join(' and ');
    yield { kind: 'budget', issue: `It reached its ${kinds} limit.`, minutes: minutes(times.paused) };
  }
  const ends = (outcome: string): number => task.executions.filter((each) => each.outcome === outcome).length;
  const failed = ends('failed');
  if (failed >= OFTEN) {
    yield {
      kind: 'fails',
      issue: `${failed} of its ${task.executions.length} runs failed.`,
      minutes: minutes(times.work),
    };
  }
  const cut = ends('interrupted');
  if (cut > OFTEN)
    yield { kind: 'interrupted', issue: `It was interrupted ${cut} times.`, minutes: minutes(times.work) };
  if (usual === undefined || usual.count < FEWEST) return;
  if (times.work >= Math.max(SLOW_MS, SLOW_TIMES * usual.median)) {
    const issue = `It took ${spoken(times.work)} of work, where ${spoken(usual.median)} are usual.`;
    yield { kind: 'slow', issue, minutes: minutes(times.work - usual.median) };
  }
}

const limitNames: Readonly<Record<BudgetKind, string>> = {
  tokens: 'tokens',
  cost: 'cost',
  minutes: 'minutes',
  iterations: 'turns',
};

function isDone(task: TaskRecord): boolean {
  return task.status === 'completed';
}

/** Tasks that are not finished and cannot begin before this one is completed. */
function heldUpBy(task: TaskRecord, graph: TaskGraph): number {
  const seen = new Set<string>();
  const open = [task.id];
  for (let id = open.pop(); id !== undefined && seen.size < MOST_COUNTED; id = open.pop()) {
    for (const dependent of graph.dependents(id)) {
      if (seen.has(dependent.id) || isTerminal(dependent.status)) continue;
      seen.add(dependent.id);
      open.push(dependent.id);
    }
  }
  return seen.size;
}

function others(count: number): string {
  return count === 1 ? 'another task waits' : `${count} other tasks wait`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function spoken(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return minutes === 1 ? 'a minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 6) / 10;
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
