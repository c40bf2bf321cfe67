import { taskStatuses } from '../../core/task/schema.ts';
import type { MetricsWords } from '../../webviews/metrics/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { statusWord } from '../present/words.ts';

/** The texts of the metrics page. */
export function metricsWords(): MetricsWords {
  return {
    folder: l10n.t('Folder'),
    project: l10n.t('Project'),
    allProjects: l10n.t('All projects'),
    range: l10n.t('Finished'),
    today: l10n.t('Today'),
    last7: l10n.t('Last 7 days'),
    last30: l10n.t('Last 30 days'),
    allTime: l10n.t('All time'),
    archived: l10n.t('Include archived tasks'),
    exportCsv: l10n.t('Export CSV…'),
    now: l10n.t('All tasks by status, now'),
    finished: l10n.t('Finished tasks'),
    success: l10n.t('Success rate'),
    work: l10n.t('Average work'),
    waiting: l10n.t('Average wait for a person'),
    tokens: l10n.t('Tokens'),
    cost: l10n.t('Cost'),
    runs: l10n.t('Executions'),
    perMinute: l10n.t('{0} per minute of work', '{0}'),
    completed: l10n.t('Completed'),
    failed: l10n.t('Failed'),
    cancelled: l10n.t('Cancelled'),
    byDay: l10n.t('Finished tasks by day (UTC)'),
    byAgent: l10n.t('Finished tasks by agent'),
    tokensByDay: l10n.t('Tokens by day (UTC)'),
    costByDay: l10n.t('Cost by day (UTC)'),
    chartOf: l10n.t('Chart: {0}. The table beside it has the numbers.', '{0}'),
    day: l10n.t('Day'),
    agent: l10n.t('Agent'),
    bottlenecks: l10n.t('Bottlenecks'),
    noBottlenecks: l10n.t('No bottlenecks.'),
    moreBottlenecks: l10n.t('{0} more bottlenecks', '{0}'),
    unknown: l10n.t('unknown'),
    empty: l10n.t('No tasks in this window.'),
    nothingFinished: l10n.t('No task finished in this range.'),
    statuses: Object.fromEntries(taskStatuses.map((status) => [status, statusWord(status)])),
  };
}
