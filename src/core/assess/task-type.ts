import type { TaskRecord } from '../task/schema.ts';

/** Kinds of work that agents differ in. */
export const taskTypes = [
  'bugfix',
  'feature',
  'test',
  'docs',
  'refactor',
  'review',
  'research',
  'operations',
  'general',
] as const;
export type TaskType = (typeof taskTypes)[number];

/** The part of a task that its type is read from. */
export type Assessed = Pick<TaskRecord, 'title' | 'description' | 'labels'> & Partial<Pick<TaskRecord, 'instructions'>>;

/** A word of the task that speaks for a type. */
export interface TypeSignal {
  readonly word: string;
  readonly where: 'label' | 'title' | 'text';
  readonly type: TaskType;
}

/** Words by type; a word may have endings. The order decides between equal types. */
const words: Readonly<Record<Exclude<TaskType, 'general'>, readonly string[]>> = {
  bugfix: ['fix', 'bug', 'defect', 'crash', 'regression', 'broken', 'fails', 'failing', 'error', 'hotfix', 'wrong'],
  test: ['test', 'spec', 'coverage', 'e2e', 'fuzz', 'benchmark'],
  docs: ['doc', 'document', 'documentation', 'readme', 'changelog', 'comment', 'tutorial', 'guide', 'typo'],
  refactor: [
    'refactor',
    'rename',
    'cleanup',
    'simplify',
    'extract',
    'modernize',
    'restructure',
    'migrate',
    'deduplicate',
  ],
  review: ['review', 'audit', 'inspect', 'assess'],
  research: [
    'research',
    'investigate',
    'explore',
    'analyze',
    'analyse',
    'compare',
    'evaluate',
    'design',
    'plan',
    'spike',
  ],
  operations: ['deploy', 'release', 'publish', 'ci', 'pipeline', 'docker', 'upgrade', 'bump', 'configure', 'install'],
  feature: ['add', 'implement', 'create', 'build', 'support', 'introduce', 'feature', 'develop', 'make'],
};

const weights = { label: 5, title: 3, text: 1 } as const;
const TEXT_CHARS = 4_000;

/**
 * The kind of work of a task, read from its labels, title and text: labels count most, and the first word of a title
 * twice. Deterministic. `general` without any signal.
 */
export function taskTypeOf(task: Assessed): { readonly type: TaskType; readonly signals: readonly TypeSignal[] } {
  const signals: TypeSignal[] = [];
  const scores = new Map<TaskType, number>();
  const count = (text: string, where: TypeSignal['where'], firstCounts: boolean): void => {
    const seen = new Set<string>();
    tokens(text).forEach((token, at) => {
      const type = seen.has(token) ? undefined : typeOfWord(token);
      seen.add(token);
      if (type === undefined) return;
      signals.push({ word: token, where, type });
      scores.set(type, (scores.get(type) ?? 0) + weights[where] * (firstCounts && at === 0 ? 2 : 1));
    });
  };
  for (const label of task.labels) count(label, 'label', false);
  count(task.title, 'title', true);
  if (task.description !== task.title) count(task.description.slice(0, TEXT_CHARS), 'text', false);
  count((task.instructions ?? '').slice(0, TEXT_CHARS), 'text', false);
  let best: TaskType = 'general';
  for (const type of taskTypes) if ((scores.get(type) ?? 0) > (scores.get(best) ?? 0)) best = type;
  return { type: best, signals: signals.filter((signal) => signal.type === best) };
}

function tokens(text: string): string[] {
  return text.toLowerCase().match(/\p{L}[\p{L}\d]*/gu) ?? [];
}

const byWord = new Map<string, TaskType>(
  Object.entries(words).flatMap(([type, all]) => all.map((word) => [word, type as TaskType] as const)),
);

function typeOfWord(token: string): TaskType | undefined {
  for (const stem of [token, token.replace(/(es|s|ed|ing)$/, ''), token.replace(/(ing|ed)$/, 'e')]) {
    const type = byWord.get(stem);
    if (type !== undefined) return type;
  }
  return undefined;
}
