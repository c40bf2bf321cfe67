import { needingPerson } from '../../core/task/needs.ts';
import type { OutputOf } from '../../operations/all.ts';
import { standings } from '../../operations/queue/standings.ts';
import { operationCommand } from '../command.ts';
import { taskName } from '../views/changed.ts';
import { emptyText, taskTable } from '../views/task-list.ts';
import { waitingWords } from '../views/waiting.ts';

const SHOWN = 3;

export const command = operationCommand('next', {
  details:
    'Tasks whose dependencies are completed: the highest priority first, then the longest chain that waits for it.',
  examples: [
    { words: 'next', description: 'the task to start next' },
    { words: 'next --limit 5 --project Web', description: 'the next five of a project' },
  ],
  json: '`{ tasks, waiting: [{ number, title, for, on }], waiting_total }`',
  view: async (output, { out }, host) => {
    const [first] = output.tasks;
    if (host.store.view.size === 0) return emptyText;
    const waiting = waitingLines(output);
    const standingOf = await standings(host);
    if (first === undefined) {
      const needed = needingPerson(host.store.view.all(), standingOf).length > 0;
      return [nothing(waiting), ...waiting, ...(needed ? ['Tasks that need you:\n  systemprompt inbox'] : [])].join(
        '\n',
      );
    }
    return [
      taskTable(output.tasks, standingOf, out),
      out.style('dim', `Start it: systemprompt task start ${first.number}`),
      ...waiting.map((line) => out.style('dim', line)),
    ].join('\n');
  },
});

function nothing(waiting: readonly string[]): string {
  return waiting.length === 0 ? 'No task is pending.' : 'No task can start now.';
}

/** The first tasks that cannot start, each with its reason. */
function waitingLines({ waiting, waiting_total: total }: OutputOf<'next'>): string[] {
  const shown = waiting.slice(0, SHOWN);
  const lines = shown.map((each) => `${taskName(each)} waits ${waitingWords(each, each.number)}.`);
  if (total > shown.length)
    lines.push(`${total - shown.length} more ${total - shown.length === 1 ? 'waits' : 'wait'}.`);
  return lines;
}
