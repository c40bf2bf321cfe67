import { isRecord } from '../../core/is-record.ts';
import type { PlanItem } from '../../core/plan/plan.ts';
import { type ForeignTask, foreignStatus, type ImportNote, restOf, textOf, textsOf } from './foreign.ts';

const known = [
  '_type',
  'id',
  'title',
  'description',
  'status',
  'priority',
  'issue_type',
  'labels',
  'acceptance_criteria',
  'design',
];
const counts = ['dependency_count', 'dependent_count', 'comment_count'];
const priorities = ['critical', 'high', 'medium', 'low', 'low'] as const;

/** Parses one JSON object per line. A line that is no object becomes a note. */
export function jsonLines(text: string): {
  values: { value: Record<string, unknown>; line: number }[];
  notes: ImportNote[];
} {
  const notes: ImportNote[] = [];
  const values = text.split('\n').flatMap((row, index) => {
    if (row.trim() === '') return [];
    try {
      const value: unknown = JSON.parse(row);
      if (isRecord(value)) return [{ value, line: index + 1 }];
    } catch {
      // Reported below.
    }
    notes.push({ message: `Line ${index + 1} is no JSON object; it was skipped.` });
    return [];
  });
  return { values, notes };
}

/** The issues of `.beads/issues.jsonl`. */
export function beadsTasks(text: string): { tasks: ForeignTask[]; notes: ImportNote[] } {
  const { values, notes } = jsonLines(text);
  const tasks = values
    .filter(({ value }) => textOf(value['id']) !== undefined)
    .map(({ value, line }) => issueOf(value, line, notes));
  return { tasks, notes };
}

function issueOf(issue: Record<string, unknown>, line: number, notes: ImportNote[]): ForeignTask {
  const id = textOf(issue['id']) ?? '';
  const { status, labels } = foreignStatus(issue['status'], notes, id);
  const links = (Array.isArray(issue['dependencies']) ? issue['dependencies'] : []).filter(isRecord);
  const ofType = (...types: string[]): string[] =>
    links
      .filter((link) => types.includes(textOf(link['type']) ?? ''))
      .flatMap((link) => textOf(link['depends_on_id']) ?? []);
  const [parent] = ofType('parent-child');
  return {
    id,
    title: textOf(issue['title']) ?? '',
    parent,
    dependsOn: ofType('blocks', 'waits-for'),
    description: textOf(issue['description']),
    instructions: textOf(issue['design']),
    priority: priorityOf(issue['priority']),
    status,
    labels: [...labels, ...textsOf(issue['labels'])],
    acceptance: (textOf(issue['acceptance_criteria']) ?? '').split('\n').map((each) => each.replace(/^\s*[-*]\s*/, '')),
    isGroup: issue['issue_type'] === 'epic',
    rest: restOf(issue, [...known.filter((key) => key !== 'issue_type'), ...counts]),
    line,
  };
}

function priorityOf(value: unknown): PlanItem['priority'] {
  return typeof value === 'number' ? priorities[value] : undefined;
}
