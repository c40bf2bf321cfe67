import type { z } from 'zod';
import { precisionOf, withPrecision } from '../../core/policy/precision.ts';
import type { Usage } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { taskUsage } from '../../operations/metrics/usage.ts';
import { humanDuration } from '../terminal/time.ts';

type TaskUsage = z.output<typeof taskUsage.output>;

/** The spend, one number per line, then each limit and its use. */
export function usageView(task: TaskUsage): string {
  const lines = [
    `#${task.number} ${sanitizeLine(task.title)} (${task.status})`,
    `  work        ${humanDuration(task.duration)}`,
  ];
  for (const [name, value] of numbersOf(task.usage)) lines.push(`  ${name.padEnd(10)}  ${value}`);
  if (task.limits.length === 0) lines.push(`  limits      ${task.today === null ? 'none' : 'none of its own'}`);
  for (const { kind, owner, phase, text } of task.limits) {
    const foreign = owner === task.number ? '' : ` (limit of #${owner})`;
    const whose = phase === undefined ? foreign : ` (limit of the phase "${sanitizeLine(phase)}")`;
    lines.push(`  limit       ${kind}: ${text}${whose}`);
  }
  for (const { kind, text } of task.today?.limits ?? [])
    lines.push(`  of the day  ${kind}: ${text}, all tasks of the folder together, until midnight`);
  return lines.join('\n');
}

function numbersOf(usage: Usage): [string, string][] {
  const tokens = (value: number | undefined): string =>
    value === undefined ? 'unknown' : withPrecision(value.toLocaleString('en'), precisionOf('tokens', usage));
  const parts =
    usage.input_tokens === undefined && usage.output_tokens === undefined
      ? ''
      : ` (in ${tokens(usage.input_tokens)}, out ${tokens(usage.output_tokens)})`;
  return [
    ['tokens', `${tokens(usage.total_tokens)}${parts}`],
    ['cost', usage.cost_usd === undefined ? 'unknown' : dollars(usage.cost_usd, usage)],
    ['turns', usage.iterations === undefined ? 'unknown' : String(usage.iterations)],
  ];
}

function dollars(value: number, usage: Usage): string {
  return withPrecision(`$${value.toFixed(4)}`, precisionOf('cost', usage));
}
