import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Style } from '../terminal/style.ts';

type AppliedPlan = OutputOf<'plan.apply'>;

const MAX_NOTES = 20;

/** The tasks of a plan as an indented list, with its problems; the command that starts them comes last. */
export function planView(output: AppliedPlan, style: Style, started: boolean): string {
  const { applied, tasks, problems, notes, missing } = output;
  const named = new Map(tasks.map((task) => [task.key, task.number === undefined ? task.title : `#${task.number}`]));
  const isUpdate = tasks.some(({ change }) => change !== 'new');
  const lines = tasks.map((task) => {
    const number = task.number === undefined ? '·' : `#${task.number}`;
    const after = task.dependsOn.map((key) => sanitizeLine(named.get(key) ?? key)).join(', ');
    const agent = task.kind === 'group' ? 'group' : sanitizeLine(task.agent);
    const changed = task.change === 'changed' ? `changed: ${task.fields?.join(', ') ?? ''}` : task.change;
    const limits = limitTexts(task.limits);
    const facts = [
      agent,
      ...(task.status === undefined ? [] : [task.status]),
      ...(after === '' ? [] : [`after ${after}`]),
      ...limits,
      ...(isUpdate ? [changed] : []),
    ].join(', ');
    return `${'  '.repeat(task.depth)}${number} ${sanitizeLine(task.title)} ${style('dim', `(${facts})`)}`;
  });
  const faults = problems.map(({ message }) => `${style('yellow', 'problem')}  ${sanitizeLine(message)}`);
  const gone = missing.map(
    ({ number, title }) => `#${number} ${sanitizeLine(title)} is no longer in the source; it was kept.`,
  );
  const remarks = [
    ...gone,
    ...notes.map(({ line, message }) => `${line === undefined ? '' : `line ${line}: `}${sanitizeLine(message)}`),
  ];
  const shown = remarks.slice(0, MAX_NOTES).map((remark) => `${style('dim', 'note')}  ${remark}`);
  if (remarks.length > MAX_NOTES) shown.push(`${style('dim', 'note')}  and ${remarks.length - MAX_NOTES} more`);
  const work = tasks
    .filter(({ kind, change, status }) => kind === 'work' && change === 'new' && status === undefined)
    .flatMap(({ number }) => number ?? []);
  const next = applied && !started && work.length > 0 ? [`Start them: systemprompt task start ${range(work)}`] : [];
  return [headOf(output, isUpdate), ...lines, ...faults, ...shown, ...next].join('\n');
}

function limitTexts(limits: AppliedPlan['tasks'][number]['limits'] = {}): string[] {
  const { max_tokens: tokens, max_cost_usd: cost, max_duration_minutes: minutes } = limits;
  return [
    ...(tokens === undefined ? [] : [`up to ${tokens.toLocaleString('en')} tokens`]),
    ...(cost === undefined ? [] : [`up to $${cost.toFixed(2)}`]),
    ...(minutes === undefined ? [] : [`up to ${minutes} minutes`]),
  ];
}

/** The changes of an agent to a plan, after the tasks by the structure of the file. */
export function refinementView(
  refinement: NonNullable<OutputOf<'plan.from-spec'>['refinement']>,
  style: Style,
): string {
  const { agent, task, structure, differences } = refinement;
  const lines = structure.map(({ title, depth }) => style('dim', `${'  '.repeat(depth)}· ${sanitizeLine(title)}`));
  const marks = { added: '+', removed: '-', changed: '~' } as const;
  const changes = differences.map(({ change, title, before, fields = [] }) => {
    const now = before === undefined ? sanitizeLine(title) : `${sanitizeLine(before)} → ${sanitizeLine(title)}`;
    return `${marks[change]} ${now}${fields.length === 0 ? '' : style('dim', ` (${fields.join(', ')})`)}`;
  });
  const count = `${differences.length} ${differences.length === 1 ? 'change' : 'changes'}`;
  return [
    'Tasks by the structure of the file:',
    ...lines,
    '',
    `${sanitizeLine(agent)} proposed ${count} in #${task}${changes.length === 0 ? '.' : ':'}`,
    ...changes,
    '',
  ].join('\n');
}

function headOf({ applied, tasks }: AppliedPlan, isUpdate: boolean): string {
  const count = `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  if (!isUpdate) return applied ? `Created ${count}:` : `Preview of ${count}; nothing was created:`;
  const of = (change: string): number => tasks.filter((task) => task.change === change).length;
  const counts = `${of('new')} new, ${of('changed')} changed, ${of('unchanged')} unchanged`;
  return applied ? `Applied ${count}: ${counts}` : `Preview of ${count}: ${counts}; nothing was changed:`;
}

function range(numbers: readonly number[]): string {
  return numbers.length > 20 ? `${numbers.slice(0, 20).join(' ')} …` : numbers.join(' ');
}
