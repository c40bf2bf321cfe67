import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { QueueOutput } from '../../operations/queue/status.ts';
import type { Output } from '../terminal/output.ts';
import { age } from '../terminal/time.ts';
import { quietWords } from './remarks.ts';
import { numbers, waitingWords } from './waiting.ts';

export function queueView(queue: QueueOutput, { style, now }: Pick<Output, 'style' | 'now'>): string {
  const { playing, since, by, running, ready, next, next_total: inLine, today } = queue;
  const { at_work: atWork, max_parallel: most } = queue;
  // Tasks that wait for a slot are listed as the next ones.
  const waiting = queue.waiting.filter((task) => task.for !== 'parallel_limit');
  const total = queue.waiting_total - (inLine - ready);
  const who = by === null ? '' : `, by ${sanitizeLine(by)}`;
  const when = since === null ? '' : ` (since ${age(since, now())}${who})`;
  const lines = [
    playing
      ? `${style('green', 'playing')}${when}: every task runs as soon as it can`
      : `${style('yellow', 'paused')}${when}: only tasks that are started run`,
    running.length === 0 ? `nothing runs${whyIdle(queue)}` : `running: ${numbers(running)}`,
    ...queue.quiet.map(({ number, since: last }) => style('yellow', `  #${number}: ${quietWords(last, now())}`)),
    ...(inLine > ready ? [`${atWork} of ${most} at once: the next one starts when one ends`] : []),
    ...(today === null ? [] : [`today: ${today.limits.map(({ text }) => text).join(', ')}`]),
  ];
  if (inLine > 0) lines.push(`next${inLine > next.length ? ` (${next.length} of ${inLine})` : ''}:`);
  for (const { number, title, tool, priority } of next) {
    lines.push(`  #${number} ${sanitizeLine(title)}  ${style('dim', `${tool} · ${priority}`)}`);
  }
  if (total > 0) lines.push(`waiting${total > waiting.length ? ` (${waiting.length} of ${total})` : ''}:`);
  for (const task of waiting)
    lines.push(`  #${task.number} ${sanitizeLine(task.title)}  ${style('dim', waitingWords(task, task.number))}`);
  return lines.join('\n');
}

function whyIdle({ idle }: QueueOutput): string {
  switch (idle) {
    case 'empty':
      return ': there is nothing to run';
    case 'paused':
      return ': no task is queued';
    case 'waiting':
      return ': every queued task is waiting';
    case 'unconfirmed':
      return ': queued on another machine; "systemprompt task confirm" shows these tasks and allows them';
    case 'no_worker':
      return ': no worker is alive; "systemprompt worker" is one';
    case null:
      return '';
  }
}
