import { complexityOf } from '../assess/complexity.ts';
import { TaskError } from '../errors.ts';
import { operationStep, textStep } from '../next-step.ts';
import { isTerminal } from '../task/lifecycle.ts';
import { type Constraints, limits, type TaskRecord } from '../task/schema.ts';
import { isSplittable } from '../task/splittable.ts';
import type { Plan, PlanItem } from './plan.ts';
import type { ProposedPart } from './planned-parts.ts';

/** A split into a number of parts, or into parts below a complexity. */
export type SplitStrategy =
  | { readonly strategy: 'parallel'; readonly numSubtasks: number }
  | { readonly strategy: 'complexity_based'; readonly maxSubtaskComplexity: number };

/** Parts of a split at most. */
export const MAX_PARTS = 200;

/** One unit of work in the text of a task. */
interface Unit {
  readonly title: string;
  /** With the title. */
  readonly text: string;
}

/**
 * Splits a task by the structure of its text: open items of checklists, list items, sections, or named files, in this order.
 * A text without structure gives parts that divide the work among themselves. The limits of the task are divided.
 *
 * @throws TaskError `IllegalTransition` for a task that has begun, ended or is a group, `InvalidInput` for one that is simple
 *   enough for a single part
 */
export function splitPlan(task: TaskRecord, how: SplitStrategy): Plan {
  requireSplittable(task);
  const units = unitsOf(
    [task.description === task.title ? '' : task.description, task.instructions ?? ''].join('\n\n'),
  );
  const bins = units.length > 1 ? binsOf(task, units, how) : [];
  if (bins.length > 1)
    return planOf(
      task,
      bins.map((bin, index) => itemOf(task, bin, index)),
    );
  const count = countOf(task, how);
  if (count === 1) throw simpleEnough(task, how);
  return planOf(task, equalParts(task, count));
}

function simpleEnough(task: TaskRecord, how: SplitStrategy): TaskError {
  const score = complexityOf(task).score.toFixed(2);
  const limit = how.strategy === 'complexity_based' ? how.maxSubtaskComplexity : 1;
  const why = `its complexity is ${score}, and a part may have ${limit}`;
  return new TaskError('InvalidInput', `#${task.number} needs no split: ${why}.`, {
    next: [
      operationStep('Split it by a number', 'task.split', { task: task.number, numSubtasks: 2 }),
      operationStep('Or lower the complexity of a part', 'task.split', { task: task.number }, ['maxSubtaskComplexity']),
    ],
  });
}

/** The plan of parts that an agent proposed. Agent, checks, priority, labels and limits come from the task. */
export function splitIntoParts(task: TaskRecord, parts: readonly ProposedPart[]): Plan {
  requireSplittable(task);
  const items = parts.map(({ title, description = '', after = [] }, index) => ({
    ...inherited(task, index),
    title,
    description: `A part of "${task.title}". Do only this part:\n\n${title}\n\n${description}`.trim(),
    ...(after.length === 0 ? {} : { dependsOn: after.map((position) => `part-${position}`) }),
  }));
  return planOf(task, items);
}

function planOf(task: TaskRecord, items: readonly PlanItem[]): Plan {
  const constraints = sharesOf(task, items.length);
  return {
    ...(task.project === undefined ? {} : { project: task.project }),
    items: items.map((item) => ({ ...item, ...(Object.keys(constraints).length === 0 ? {} : { constraints }) })),
  };
}

/**
 * @param action past participle for the message
 * @throws TaskError `IllegalTransition` for a task that has begun, ended or is a group
 */
export function requireSplittable(task: TaskRecord, action = 'split'): void {
  if (isSplittable(task)) return;
  const why =
    task.kind === 'group' ? 'is a group already' : isTerminal(task.status) ? `is ${task.status}` : 'has begun';
  throw new TaskError('IllegalTransition', `#${task.number} cannot be ${action}: it ${why}.`, {
    next: [operationStep('Copy it, and use the copy', 'task.clone', { task: task.number })],
  });
}

function unitsOf(text: string): Unit[] {
  const open = itemsIn(text, /^([ \t]*)[-*+][ \t]+\[ \][ \t]+(\S.*)$/);
  if (open.length > 1) return open;
  const listed = itemsIn(text, /^([ \t]*)(?:[-*+•]|\d{1,3}[.)])[ \t]+(?!\[[xX]\])(\S.*)$/);
  if (listed.length > 1) return listed;
  const sections = text.split(/^(?=#{1,4}[ \t]+\S)/m).filter((part) => /^#{1,4}[ \t]/.test(part));
  if (sections.length > 1)
    return sections.map((part) => ({ title: headOf(part.replace(/^#+[ \t]+/, '')), text: part.trim() }));
  return filesIn(text).map((file) => ({ title: file, text: file }));
}

/** Outer items of lists with the lines below them. */
function itemsIn(text: string, pattern: RegExp): Unit[] {
  const units: { title: string; lines: string[] }[] = [];
  let indent = 0;
  for (const line of text.split('\n')) {
    const [, space = '', words = ''] = pattern.exec(line) ?? [];
    if (words !== '' && (units.length === 0 || space.length <= indent)) {
      indent = space.length;
      units.push({ title: words, lines: [line] });
    } else if (/^[ \t]/.test(line)) units.at(-1)?.lines.push(line);
  }
  return units.map(({ title, lines }) => ({ title: headOf(title), text: lines.join('\n') }));
}

function filesIn(text: string): string[] {
  const found = text.match(
    /(?:[\w@-]+\/)+[\w.@-]+\.\w+|\b[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|cpp|md)\b/g,
  );
  return [...new Set(found ?? [])];
}

function binsOf(task: TaskRecord, units: readonly Unit[], how: SplitStrategy): Unit[][] {
  if (how.strategy === 'parallel') {
    const count = Math.min(how.numSubtasks, units.length);
    return Array.from({ length: count }, (_, index) =>
      units.slice(Math.floor((index * units.length) / count), Math.floor(((index + 1) * units.length) / count)),
    );
  }
  const bins: Unit[][] = [];
  for (const unit of units) {
    const last = bins.at(-1);
    if (last !== undefined && scoreOf(task, [...last, unit]) <= how.maxSubtaskComplexity) last.push(unit);
    else if (bins.length < MAX_PARTS) bins.push([unit]);
    else last?.push(unit);
  }
  return bins;
}

function scoreOf(task: TaskRecord, units: readonly Unit[]): number {
  const description = units.map(({ text }) => text).join('\n');
  return complexityOf({ title: titleOf(units), description, labels: task.labels } as TaskRecord).score;
}

/** The number of parts without a structure of the text. */
export function countOf(task: TaskRecord, how: SplitStrategy): number {
  if (how.strategy === 'parallel') return how.numSubtasks;
  return Math.min(MAX_PARTS, Math.max(1, Math.ceil(complexityOf(task).score / how.maxSubtaskComplexity)));
}

function itemOf(task: TaskRecord, units: readonly Unit[], index: number): PlanItem {
  const work = units.map(({ text }) => text).join('\n');
  return {
    ...inherited(task, index),
    title: titleOf(units),
    description: `A part of "${task.title}". Do only this part:\n\n${work}`,
  };
}

function equalParts(task: TaskRecord, count: number): PlanItem[] {
  const text = task.description === task.title ? '' : `\n\n${task.description}`;
  return Array.from({ length: count }, (_, index) => ({
    ...inherited(task, index),
    title: `${[...task.title].slice(0, limits.titleChars - 30).join('')} (part ${index + 1} of ${count})`,
    description: `Divide the work into ${count} parts of similar size by files, in alphabetical order, and do only part ${index + 1}.${text}`,
    ...(task.instructions === undefined ? {} : { instructions: task.instructions }),
  }));
}

function inherited(task: TaskRecord, index: number): Pick<PlanItem, 'key' | 'kind' | 'title'> & Partial<PlanItem> {
  return {
    key: `part-${index + 1}`,
    kind: 'work',
    title: task.title,
    ...(task.workflow === undefined
      ? { agent: task.tool as NonNullable<PlanItem['agent']> }
      : { workflow: task.workflow as PlanItem['workflow'] }),
    ...(task.checks === undefined ? {} : { checks: [...task.checks] }),
    priority: task.priority,
    ...(task.labels.length === 0 ? {} : { labels: [...task.labels] }),
  };
}

function titleOf([first, ...others]: readonly Unit[]): string {
  const title = first?.title ?? '';
  return others.length === 0 ? title : `${title.slice(0, 150)} (+${others.length} more)`;
}

function headOf(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  return line.length > 150 ? `${line.slice(0, 149)}…` : line;
}

/** The limits of one of `count` parts: their sum is at most the limit of the task. */
function sharesOf({ constraints }: TaskRecord, count: number): NonNullable<PlanItem['constraints']> {
  const whole = (limit: number | undefined): number | undefined =>
    limit === undefined ? undefined : Math.floor(limit / count);
  const shares: Partial<Constraints> = {
    max_tokens: whole(constraints.max_tokens),
    max_iterations: whole(constraints.max_iterations),
    max_cost_usd: constraints.max_cost_usd === undefined ? undefined : constraints.max_cost_usd / count,
    max_duration_minutes:
      constraints.max_duration_minutes === undefined ? undefined : constraints.max_duration_minutes / count,
    allowed_tools: constraints.allowed_tools,
    approvals: constraints.approvals,
  };
  if (shares.max_tokens === 0 || shares.max_iterations === 0) {
    throw new TaskError('InvalidInput', `The limits are too small for ${count} parts.`, {
      next: [textStep('Raise the limits, or split into fewer parts.')],
    });
  }
  return Object.fromEntries(Object.entries(shares).filter(([, value]) => value !== undefined));
}
