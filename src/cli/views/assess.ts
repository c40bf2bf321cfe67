import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { Style } from '../terminal/style.ts';

/** The agents for a task, the best first, with the reasons; then those that cannot take it. */
export function matchView(output: OutputOf<'task.match'>, style: Style): string {
  const { type, complexity, shares, matches, unfit } = output;
  const because = shares.slice(0, 3).map(({ signal, share }) => `${signal} ${share.toFixed(2)}`);
  const lines = [
    `${type}, complexity ${complexity.toFixed(2)}${because.length === 0 ? '' : ` (${because.join(', ')})`}`,
    ...matches.flatMap(({ title, score, reasons }, at) => [
      `${style(at === 0 ? 'bold' : 'dim', sanitizeLine(title))}  ${score.toFixed(2)}`,
      ...reasons.map((reason) => `  ${sanitizeLine(reason)}`),
    ]),
  ];
  if (matches.length === 0) lines.push('No agent on this machine can take the task.');
  for (const { title, why } of unfit) lines.push(style('dim', `${sanitizeLine(title)}: ${why}`));
  return lines.join('\n');
}

/** One line per kind of spend: expected value and range. */
export function estimateView(output: OutputOf<'task.estimate'>): string {
  const { agent, type, complexity, tokens, cost, minutes, basis } = output;
  const from =
    basis === 0
      ? 'Estimated from its complexity alone; there are fewer than 3 similar finished tasks.'
      : `Estimated from ${basis} similar finished tasks.`;
  const lines = [
    `${sanitizeLine(agent)} · ${type} · complexity ${complexity.toFixed(2)}`,
    row('tokens', tokens, (value) => Math.round(value).toLocaleString('en-US')),
    row('cost', cost, (value) => `$${value.toFixed(2)}`),
    row('minutes', minutes, (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)))),
    from,
  ];
  return lines.join('\n');
}

function row(
  name: string,
  range: { readonly low: number; readonly expected: number; readonly high: number } | undefined,
  show: (value: number) => string,
): string {
  const text = range === undefined ? 'unknown' : `${show(range.expected)}  (${show(range.low)} to ${show(range.high)})`;
  return `${name.padEnd(8)} ${text}`;
}
