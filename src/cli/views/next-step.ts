import type { NextStep } from '../../core/next-step.ts';
import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import { kebab } from '../flags.ts';

type OperationStep = Extract<NextStep, { kind: 'operation' }>;

/** Keys that a command reads by position, other than just its tasks; a test compares them with the operations. */
const positions: Readonly<Record<string, readonly string[]>> = {
  'task.add-dependency': ['task', 'dependsOn'],
  'task.answer': ['task', 'answer'],
  'task.checkpoint': ['task', 'message'],
  'task.clone': ['task', 'title'],
  'task.create': ['title'],
  'task.follow-up': ['task', 'prompt'],
  'task.merge': ['task', 'more'],
  'task.note': ['task', 'text'],
  'task.remove-dependency': ['task', 'dependsOn'],
  'task.restore': ['task', 'checkpoint'],
  'project.create': ['name'],
  'project.show': ['name'],
  'template.show': ['name'],
  'template.apply': ['name'],
  'template.new': ['name'],
  'template.from-task': ['task', 'name'],
  'plan.apply': ['plan'],
  'plan.from-spec': ['file'],
  'plan.from-code': ['path'],
  'plan.dismiss': ['keys'],
  import: ['path'],
};
const usualPositions = ['task', 'tasks'] as const;

/** Each step on its own lines: its label, then the command, ready to copy. */
export function stepLines(steps: readonly NextStep[]): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'text') return sanitizeText(step.label).split('\n');
    const command = step.kind === 'shell' ? sanitizeLine(step.command) : commandLine(step);
    return [`${sanitizeLine(step.label)}:`, `  ${command}`];
  });
}

/** `systemprompt task cancel 3`. */
export function commandLine({
  operation,
  input = {},
  ask = [],
}: Pick<OperationStep, 'operation' | 'input' | 'ask'>): string {
  const byPosition = positionsOf(operation);
  const words = ['systemprompt', ...operation.split('.')];
  for (const key of byPosition) {
    if (ask.includes(key)) words.push(key === 'tasks' ? 'TASK' : '"…"');
    else words.push(...wordsOf(input[key]));
  }
  for (const [key, value] of Object.entries(input)) if (!byPosition.includes(key)) words.push(...flagOf(key, value));
  for (const key of ask) if (!byPosition.includes(key)) words.push(`--${kebab(key)}`, isNumber(key) ? 'N' : '"…"');
  return words.join(' ');
}

function positionsOf(operation: string): readonly string[] {
  return Object.hasOwn(positions, operation) ? (positions[operation] ?? usualPositions) : usualPositions;
}

function wordsOf(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((word) => quoted(String(word)));
}

function flagOf(key: string, value: unknown): string[] {
  const flag = `--${kebab(key)}`;
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  if (value === null) return [flag, 'none'];
  return [flag, quoted(Array.isArray(value) ? value.join(',') : String(value))];
}

function isNumber(key: string): boolean {
  return /^budget|^max|^request$/.test(key);
}

/** For a POSIX shell. Drops unprintable characters, because a person cannot check them before pasting. */
function quoted(word: string): string {
  const clean = sanitizeLine(word);
  return /^[\w./:@%+,=-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`;
}
