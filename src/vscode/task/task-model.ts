import { pendingApprovals } from '../../core/task/approval.ts';
import type { Execution, TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OutputOf as OperationOutput } from '../../operations/all.ts';
import type { TaskModel, TaskRequest } from '../../webviews/task/protocol.ts';
import { cardOf } from '../approvals/cards.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { l10n } from '../present/l10n.ts';
import { spendTexts } from '../present/spend-text.ts';
import { agentName, priorityWord, type RowContext, rowDetails } from '../present/task-row.ts';
import { clockText, durationText } from '../present/time.ts';
import { statusWord } from '../present/words.ts';
import { buttonsOf } from './buttons.ts';
import { shownField, shownText, shownTitle } from './shown-text.ts';

/** Entries of history and executions that the page shows, the latest ones. */
const SHOWN = 200;

interface ModelInput {
  readonly folder: TaskFolder;
  readonly task: TaskRecord;
  readonly row: RowContext;
  /** Undefined while it cannot be computed, as in a folder that is closing. */
  readonly limits: OperationOutput<'task.usage'>['limits'];
  readonly trusted: boolean;
}

/** Everything that the task page shows of a task, safe to show. */
export function taskModel({ folder, task, row, limits, trusted }: ModelInput): TaskModel {
  const view = folder.host?.store.view;
  const parts = [...(view?.children(task.id) ?? [])];
  const dependencies = task.depends_on.flatMap((id) => view?.dependency(id) ?? []);
  return {
    folder: folder.path,
    id: task.id,
    number: task.number,
    title: shownField(task, 'title'),
    status: statusWord(task.status),
    reason: rowDetails(task, row).join(' · '),
    ...(task.error === undefined ? {} : { error: shownText(task.error) }),
    buttons: buttonsOf(task, trusted),
    trusted,
    description: shownField(task, 'description'),
    instructions: shownField(task, 'instructions'),
    acceptance: task.acceptance_criteria.map(shownText),
    facts: factsOf(task, row.now),
    limits: limits.map(({ text, limit, spent }) => ({
      text,
      share: spent === null || limit <= 0 ? null : Math.min(1, spent / limit),
    })),
    requests: requestsOf(folder, task),
    parts: parts.map(relatedOf),
    dependencies: dependencies.map(relatedOf),
    executions: task.executions.slice(-SHOWN).reverse().map(executionOf),
    history: task.history
      .slice(-SHOWN)
      .reverse()
      .map(({ from, to, at, reason, by, changes }) => ({
        at: momentText(at),
        change: changes === undefined ? `${statusWord(from)} → ${statusWord(to)}` : l10n.t('Changed'),
        reason: by === undefined ? shownText(reason) : l10n.t('{0} (by {1})', shownText(reason), shownText(by)),
      })),
  };
}

function requestsOf(folder: TaskFolder, task: TaskRecord): TaskRequest[] {
  return pendingApprovals(task).map((approval) => {
    const { key, title, about, text } = cardOf({ folder, task, approval }, false);
    return { key, title, about, question: approval.kind === 'feedback', ...(text === undefined ? {} : { text }) };
  });
}

function factsOf(task: TaskRecord, now: number): { name: string; value: string }[] {
  const spend = spendTexts(task.usage);
  const all: [string, string | undefined][] = [
    [l10n.t('Agent'), agentName(task)],
    [l10n.t('Priority'), priorityWord(task.priority)],
    [l10n.t('Project'), task.project],
    [l10n.t('Labels'), task.labels.length === 0 ? undefined : task.labels.join(', ')],
    [l10n.t('Created'), momentText(task.created_at)],
    [l10n.t('Ended'), task.completed_at === undefined ? undefined : momentText(task.completed_at)],
    [l10n.t('Work'), task.executions.length === 0 ? undefined : durationText(workOf(task, now))],
    [l10n.t('Branch'), task.workspace?.branch],
    [l10n.t('Tokens'), spend.tokens],
    [l10n.t('Cost'), spend.cost],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: sanitizeLine(value) }]));
}

function workOf({ active_ms: done, active_since: since }: TaskRecord, now: number): number {
  return done + (since === undefined ? 0 : Math.max(0, now - Date.parse(since)));
}

function relatedOf(task: TaskRecord): TaskModel['parts'][number] {
  return {
    id: task.id,
    label: `#${task.number} ${shownTitle(task)}`,
    status: statusWord(task.status),
  };
}

function executionOf({ started_at, agent, outcome, usage, error }: Execution): TaskModel['executions'][number] {
  const { tokens, cost } = spendTexts(usage);
  const spend = [
    ...(tokens === undefined ? [] : [l10n.t('{0} tokens', tokens)]),
    ...(cost === undefined ? [] : [cost]),
  ];
  return {
    started: momentText(started_at),
    agent: sanitizeLine(agent),
    outcome: outcome === undefined ? l10n.t('running') : sanitizeLine(String(outcome)),
    spend: spend.join(', '),
    ...(error === undefined ? {} : { error: shownText(error) }),
  };
}

/** A moment to the second: milliseconds are for logs. */
function momentText(at: string): string {
  return clockText(at).slice(0, 19);
}
