import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { QueueOutput } from '../../operations/queue-status.ts';
import type { Output } from '../terminal/output.ts';
import { age } from '../terminal/time.ts';

type Waiting = QueueOutput['waiting'][number];

export function queueView(queue: QueueOutput, { style, now }: Pick<Output, 'style' | 'now'>): string {
  const { playing, since, by, running, ready, next, waiting, waiting_total: total } = queue;
  const who = by === null ? '' : `, by ${sanitizeLine(by)}`;
  const when = since === null ? '' : ` (since ${age(since, now())}${who})`;
  const lines = [
    playing
      ? `${style('green', 'playing')}${when}: every task runs as soon as it can`
      : `${style('yellow', 'paused')}${when}: only tasks that are started run`,
    running.length === 0 ? 'nothing runs' : `running: ${numbers(running)}`,
  ];
  if (ready > 0) lines.push(`next${ready > next.length ? ` (${next.length} of ${ready})` : ''}:`);
  for (const { number, title, tool, priority } of next) {
    lines.push(`  #${number} ${sanitizeLine(title)}  ${style('dim', `${tool} · ${priority}`)}`);
  }
  if (total > 0) lines.push(`waiting${total > waiting.length ? ` (${waiting.length} of ${total})` : ''}:`);
  for (const task of waiting) lines.push(`  #${task.number} ${sanitizeLine(task.title)}  ${style('dim', why(task))}`);
  return lines.join('\n');
}

function why({ for: reason, on }: Waiting): string {
  switch (reason) {
    case 'approval':
      return 'for a person to decide';
    case 'dependency':
      return on.length === 0 ? 'for a task that is not there any more' : `for ${numbers(on)}`;
    case 'agent':
      return 'for its agent to be installed';
    case 'agent_limit':
      return 'for another task of its agent to end';
    case 'budget':
      return `for ${numbers(on)} to give back what it leaves of their budget`;
  }
}

function numbers(tasks: readonly number[]): string {
  return tasks.map((number) => `#${number}`).join(', ');
}
