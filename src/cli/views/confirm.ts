import { visible, visibleLine } from '../../core/text/visible.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Output } from '../terminal/output.ts';
import { commandLine } from './next-step.ts';

/** The full content of tasks from outside, and the command that confirms exactly this. */
export function confirmView(
  { tasks, playing, digest, confirmed }: OutputOf<'task.confirm'>,
  references: readonly string[] | undefined,
  { style }: Pick<Output, 'style'>,
): string {
  if (digest === null) return 'No tasks wait for confirmation.';
  if (confirmed) {
    const lines = tasks.map(({ number, title }) => `Confirmed #${number} ${visibleLine(title)}`);
    return [...lines, ...(playing ? ['Confirmed the playing queue'] : [])].join('\n');
  }
  const lines = tasks.flatMap(({ number, title, agent, model, order, tools }) => [
    style('bold', `#${number} ${visibleLine(title)}`),
    `  agent: ${visibleLine(agent)}${model === null ? '' : ` (${visibleLine(model)})`}`,
    ...(tools === null ? [] : [`  tools: ${tools.length === 0 ? 'none' : tools.map(visibleLine).join(', ')}`]),
    agent === 'SHELL' ? '  script:' : '  instructions:',
    ...visible(order)
      .split('\n')
      .map((line) => `    ${line}`),
    '',
  ]);
  if (playing) lines.push('The queue was started on another machine. It would run every pending task.', '');
  const input = { ...(references === undefined ? {} : { tasks: references }), digest };
  return [
    ...lines,
    'It would run with your permissions. If you want that, confirm exactly this content:',
    `  ${commandLine({ operation: 'task.confirm', input })}`,
  ].join('\n');
}
