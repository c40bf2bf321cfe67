import { activeDuration } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { workStateOf } from '../../core/task/workspace.ts';
import { l10n } from './l10n.ts';
import { excerpt, plainMarkdown } from './markdown.ts';
import { spendTexts } from './spend-text.ts';
import { agentName, priorityWord, quietWords, type RowContext } from './task-row.ts';
import { ageText, durationText } from './time.ts';
import { waitingNames, waitingText } from './waiting-text.ts';
import { statusWord } from './words.ts';

/** The hover of a task's row, as Markdown that may be shown untrusted. */
export function taskTooltip(task: TaskRecord, context: RowContext): string {
  const parts = [`**${plainMarkdown(`#${task.number} ${task.title}`)}**`, plainMarkdown(summary(task, context))];
  if (task.description.trim() !== task.title.trim()) parts.push(plainMarkdown(excerpt(task.description, 600)));
  if (task.error !== undefined) parts.push(`${l10n.t('Error')}: ${plainMarkdown(excerpt(task.error, 600))}`);
  parts.push(
    facts(task, context)
      .map(([name, value]) => `${name}: ${plainMarkdown(value)}`)
      .join('  \n'),
  );
  return parts.filter((part) => part !== '').join('\n\n');
}

function summary(task: TaskRecord, { now, standing }: RowContext): string {
  const took = activeDuration(task, now);
  const queued = task.status === 'pending' && task.queued_at !== undefined && standing.kind === 'ready';
  return [
    statusWord(task.status),
    ...(queued ? [l10n.t('queued')] : []),
    ...(standing.kind === 'waiting' ? [waitingText(standing)] : []),
    ...quietWords(standing, now),
    agentName(task),
    ...(task.progress === undefined || task.status === 'completed' ? [] : [l10n.t('{0} %', Math.round(task.progress))]),
    ...(took === 0 ? [] : [l10n.t('worked for {0}', durationText(took))]),
  ].join(' · ');
}

function changesWord(task: TaskRecord): string | undefined {
  switch (workStateOf(task)) {
    case 'discarded':
      return l10n.t('discarded');
    case 'merged':
      return l10n.t('merged');
    case 'unmerged':
      return l10n.t('on branch {0}, not merged', task.workspace?.branch ?? '');
    case undefined:
      return undefined;
  }
}

function facts(task: TaskRecord, { now, standing }: RowContext): [string, string][] {
  const spend = spendTexts(task.usage);
  const all: [string, string | undefined][] = [
    [l10n.t('Priority'), task.priority === 'medium' ? undefined : priorityWord(task.priority)],
    [l10n.t('Project'), task.project],
    [l10n.t('Labels'), task.labels.length === 0 ? undefined : task.labels.join(', ')],
    [l10n.t('Waiting for'), waitingNames(standing).join(', ') || undefined],
    [l10n.t('Created'), ageText(task.created_at, now)],
    [l10n.t('Ended'), task.completed_at === undefined ? undefined : ageText(task.completed_at, now)],
    [l10n.t('Changes'), changesWord(task)],
    [l10n.t('Tokens'), spend.tokens],
    [l10n.t('Cost'), spend.cost],
    [l10n.t('Error code'), task.error_code],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}
