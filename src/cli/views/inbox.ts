import type { Need } from '../../core/task/needs.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { InboxItem } from '../../operations/approval/inbox.ts';
import type { Output } from '../terminal/output.ts';
import type { Tint } from '../terminal/style.ts';
import { age } from '../terminal/time.ts';
import { taskName } from './changed.ts';
import { commandLine } from './next-step.ts';

const words: Readonly<Record<Need, readonly [title: string, tint: Tint]>> = {
  approval: ['asks', 'yellow'],
  question: ['has a question', 'yellow'],
  confirmation: ['came from outside', 'yellow'],
  decision: ['has a cost limit that cannot be counted', 'yellow'],
  failure: ['failed', 'red'],
  limit: ['reached a limit', 'yellow'],
  blocked: ['is blocked', 'red'],
  pick: ['results to compare', 'cyan'],
  review: ['to review', 'cyan'],
};

/** Everything that needs a person: one entry a task, each with the command that deals with it. */
export function inboxView(items: readonly InboxItem[], total: number, out: Pick<Output, 'style' | 'now'>): string {
  if (items.length === 0) return 'Nothing needs you.';
  const entries = items.map((item) => entryOf(item, out).join('\n'));
  if (total > items.length) entries.push(`${items.length} of ${total} entries.`);
  return entries.join('\n');
}

function entryOf(item: InboxItem, { style, now }: Pick<Output, 'style' | 'now'>): string[] {
  const [word, tint] = words[item.need];
  const head = `${style(tint, word)}  ${taskName(item)}`;
  const requests = item.requests.map(
    ({ number, title, requested_at: at }) =>
      `  ${item.requests.length > 1 ? `request ${number}: ` : ''}${sanitizeLine(title)} (${age(at, now())})`,
  );
  const error = item.need === 'failure' && item.error !== undefined ? [`  ${sanitizeLine(item.error)}`] : [];
  return [head, ...requests, ...error, ...commandsFor(item).map((command) => style('dim', `  ${command}`))];
}

function commandsFor({ need, number, requests, status }: InboxItem): string[] {
  const task = { task: number };
  const tasks = { tasks: [number] };
  const ask = requests.length > 1 ? ['request'] : [];
  switch (need) {
    case 'approval':
      return [
        commandLine({ operation: 'task.approve', input: task, ask }),
        commandLine({ operation: 'task.reject', input: task, ask: [...ask, 'reason'] }),
      ];
    case 'question':
      return [commandLine({ operation: 'task.answer', input: task, ask: ['answer', ...ask] })];
    case 'confirmation':
      return [commandLine({ operation: 'task.confirm', input: tasks })];
    case 'decision':
      return [
        commandLine({ operation: 'task.update', input: { ...task, budgetCost: null }, ask: ['budgetTokens'] }),
        commandLine({ operation: 'task.start', input: { ...tasks, uncounted: true } }),
      ];
    case 'failure':
      return [
        commandLine({ operation: 'task.logs', input: { ...task, level: 'warn' } }),
        commandLine({ operation: 'task.restart', input: tasks }),
      ];
    case 'limit':
      return [
        commandLine({ operation: 'task.usage', input: task }),
        commandLine({ operation: 'task.resume', input: tasks }),
      ];
    case 'blocked':
      return [commandLine({ operation: 'task.show', input: task })];
    case 'pick':
      return [commandLine({ operation: 'task.race.show', input: task })];
    case 'review':
      if (status === 'completed_active') {
        return [
          commandLine({ operation: 'task.show', input: task }),
          commandLine({ operation: 'task.follow-up', input: task, ask: ['prompt'] }),
          commandLine({ operation: 'task.complete', input: tasks }),
        ];
      }
      return [
        commandLine({ operation: 'task.diff', input: task }),
        commandLine({ operation: 'task.merge', input: task }),
      ];
  }
}
