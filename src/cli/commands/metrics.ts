import { operationCommand } from '../command.ts';
import { switchFlag } from '../flags.ts';
import { analysisView, comparisonView, metricsView } from '../views/metrics.ts';

export const analyze = operationCommand('task.analyze', {
  details:
    'Work is time in which an agent worked; waiting is time in which a request was open. What an agent does not tell is unknown.',
  examples: [
    { words: 'task analyze 3', says: 'time, spend, and what stood in its way' },
    { words: 'task analyze 3 --metrics', says: 'with its tools and its runs, one by one' },
  ],
  extra: [switchFlag('metrics', 'Its tools and its runs, one by one, too.')],
  json: '`{ id, number, title, status, times, usage, tokens_per_minute, requests, warnings, errors, tools, executions, issues }`; times in milliseconds',
  view: (output, { out, values }) => analysisView(output, out, values['metrics'] === true),
});

export const compare = operationCommand('task.compare', {
  details: `A filter is made of parts like "label:backend" or "status:failed,cancelled", and words that are searched for; all of them
must fit. A value with spaces stands in double quotes.`,
  examples: [
    { words: 'task compare --filter label:backend --metric duration', says: 'which of them took most work' },
    { words: 'task compare --filter "project:Shop status:completed" --metric tokens', says: 'what they spent' },
  ],
  json: '`{ metric, unit, tasks: [{ id, number, title, status, tool, value }], total, spread: { count, min, median, mean, max } }`',
  view: (output, { out }) => comparisonView(output, out),
});

export const all = operationCommand('metrics', {
  details: `Rates are those of tasks that ended within the range. What holds up is looked for in all tasks that there are: failed
ones that others wait for, long waits for a person, used-up limits, repeated failures, and work far over what is usual.`,
  examples: [
    { words: 'metrics', says: 'of the last 30 days' },
    { words: 'metrics --project Shop --range last_7_days', says: 'of one project, this week' },
  ],
  json: '`{ range, total, by_status, performance, by_agent, by_day, bottlenecks, bottlenecks_total }`; rates in per cent and minutes, null when not known',
  view: (output, { out }) => metricsView(output, out),
});
