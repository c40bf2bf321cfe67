import type { TaskRecord } from '../task/schema.ts';
import { type Assessed, taskTypeOf } from './task-type.ts';

/** One reason for a score and its share of it. */
export interface ComplexityShare {
  readonly signal: string;
  /** Part of the score, 0 to 1. */
  readonly share: number;
  /** The measured value. */
  readonly value: number;
}

export interface Complexity {
  /** 0 (trivial) to 1. */
  readonly score: number;
  /** The reasons, the largest share first; their sum is the score. */
  readonly shares: readonly ComplexityShare[];
}

/** The part of a task that its complexity is read from. */
export type Weighed = Assessed &
  Partial<Pick<TaskRecord, 'acceptance_criteria' | 'depends_on' | 'workflow' | 'constraints' | 'tool'>>;

interface Signal {
  readonly name: string;
  /** Largest share of the score. */
  readonly weight: number;
  /** The value at which half of the share is reached. */
  readonly half: number;
  measure(task: Weighed, text: string): number;
}

const base: Readonly<Record<string, number>> = {
  docs: 0,
  test: 1,
  operations: 1,
  bugfix: 2,
  review: 2,
  general: 2,
  research: 3,
  feature: 4,
  refactor: 5,
};

const signals: readonly Signal[] = [
  { name: 'length of the text', weight: 0.22, half: 150, measure: (_, text) => (text.match(/\S+/g) ?? []).length },
  { name: 'steps in the text', weight: 0.2, half: 5, measure: (_, text) => listItems(text) },
  { name: 'files named', weight: 0.14, half: 4, measure: (_, text) => filesIn(text) },
  { name: 'kind of work', weight: 0.16, half: 4, measure: (task) => base[taskTypeOf(task).type] ?? 2 },
  { name: 'wide words', weight: 0.14, half: 2, measure: (_, text) => wideWords(text) },
  { name: 'acceptance criteria', weight: 0.08, half: 4, measure: (task) => task.acceptance_criteria?.length ?? 0 },
  { name: 'phases of its workflow', weight: 0.06, half: 2, measure: (task) => (task.workflow?.length ?? 1) - 1 },
];

const TEXT_CHARS = 50_000;

/**
 * The complexity of a task, from 0 to 1, with the reasons. Each signal adds at most its weight and reaches half of it at a
 * typical value, so that no single one decides. Deterministic; reads nothing but the task.
 */
export function complexityOf(task: Weighed): Complexity {
  const parts = [task.title, task.description === task.title ? '' : task.description, task.instructions ?? ''];
  const text = parts
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, TEXT_CHARS);
  const shares = signals
    .map(({ name, weight, half, measure }) => {
      const value = measure(task, text);
      return { signal: name, share: round(weight * (1 - 2 ** (-value / half))), value };
    })
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  return { score: round(shares.reduce((sum, { share }) => sum + share, 0)), shares };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** Items of bulleted, numbered and check lists. */
function listItems(text: string): number {
  return (text.match(/^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S/gm) ?? []).length;
}

/** Different names that look like paths or files. */
function filesIn(text: string): number {
  const found = text.match(
    /(?:[\w@-]+\/)+[\w.@-]+|\b[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|cpp|c|h|md|json|ya?ml|toml|sql|css|html|sh)\b/g,
  );
  return new Set(found ?? []).size;
}

/** Words that stand for work across a whole system. */
function wideWords(text: string): number {
  const found = text.match(
    /\b(?:architecture|system|entire|all|every|across|migrat\w*|rewrit\w*|integrat\w*|security|authenticat\w*|authoriz\w*|concurren\w*|distributed|performance|scal\w*|database|schema|protocol|backward\w*|compatib\w*)\b/gi,
  );
  return new Set((found ?? []).map((word) => word.toLowerCase())).size;
}
