import { operationCommand } from '../command.ts';
import { switchFlag } from '../flags.ts';
import { analysisView, comparisonView, metricsView } from '../views/metrics.ts';

export const analyze = operationCommand('task.analyze', {
  details:
    'Work is time in which an agent worked. Waiting is time in which a request was pending. Values that an agent does not report are unknown.',
  examples: [
    { words: 'task analyze 3', description: 'show time, spend and problems' },
    { words: 'task analyze 3 --metrics', description: 'with each tool and each execution' },
  ],
  extra: [switchFlag('metrics', 'Include each tool and each execution.')],
  json: '`{ id, number, title, status, times, usage, tokens_per_minute, requests, warnings, errors, tools, executions, issues }`; times in milliseconds',
  view: (output, { out, values }) => analysisView(output, out, values['metrics'] === true),
});

export const compare = operationCommand('task.compare', {
  details: `A filter combines terms such as "label:backend" or "status:failed,cancelled" with search words; a task must match all.
Quote values that contain spaces.`,
  examples: [
    { words: 'task compare --filter label:backend --metric duration', description: 'sort by minutes of work' },
    { words: 'task compare --filter "project:Shop status:completed" --metric tokens', description: 'sort by tokens' },
  ],
  json: '`{ metric, unit, tasks: [{ id, number, title, status, tool, value }], total, spread: { count, min, median, mean, max } }`',
  view: (output, { out }) => comparisonView(output, out),
});

export const all = operationCommand('metrics', {
  details: `Rates cover tasks that ended within the range. Bottlenecks cover all tasks: failed dependencies, long waits for a person,
exhausted limits, repeated failures, and unusually long work.`,
  examples: [
    { words: 'metrics', description: 'the last 30 days' },
    { words: 'metrics --project Shop --range last_7_days', description: 'one project, the last 7 days' },
  ],
  json: '`{ range, total, by_status, status_by_day, performance, throughput_per_day, by_agent, by_project, by_label, by_day, bottlenecks, bottlenecks_total }`; rates in per cent and minutes, null when not known',
  view: (output, { out }) => metricsView(output, out),
});
