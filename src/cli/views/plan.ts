import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Style } from '../terminal/style.ts';

/** The tasks of a plan as an indented list, with its problems; the command that starts them comes last. */
export function planView(output: OutputOf<'plan.apply'>, style: Style, started: boolean): string {
  const { applied, tasks, problems } = output;
  const named = new Map(tasks.map((task) => [task.key, task.number === undefined ? task.title : `#${task.number}`]));
  const lines = tasks.map((task) => {
    const number = task.number === undefined ? '·' : `#${task.number}`;
    const after = task.dependsOn.map((key) => sanitizeLine(named.get(key) ?? key)).join(', ');
    const agent = task.kind === 'group' ? 'group' : sanitizeLine(task.agent);
    const facts = [agent, ...(after === '' ? [] : [`after ${after}`])].join(', ');
    return `${'  '.repeat(task.depth)}${number} ${sanitizeLine(task.title)} ${style('dim', `(${facts})`)}`;
  });
  const faults = problems.map(({ message }) => `${style('yellow', 'problem')}  ${sanitizeLine(message)}`);
  const count = `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  const head = applied ? `Created ${count}:` : `Preview of ${count}; nothing was created:`;
  const work = tasks.filter((task) => task.kind === 'work').flatMap(({ number }) => number ?? []);
  const next = applied && !started && work.length > 0 ? [`Start them: systemprompt task start ${range(work)}`] : [];
  return [head, ...lines, ...faults, ...next].join('\n');
}

function range(numbers: readonly number[]): string {
  return numbers.length > 20 ? `${numbers.slice(0, 20).join(' ')} …` : numbers.join(' ');
}
