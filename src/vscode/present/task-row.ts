import type { PartsDone } from '../../core/graph/parts.ts';
import { onlyQuestions, pendingApprovals } from '../../core/task/approval.ts';
import { approvalsOf } from '../../core/task/approvals-mode.ts';
import { activeDuration } from '../../core/task/lifecycle.ts';
import { awaitsPick } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { l10n } from './l10n.ts';
import { rowFlags, type TaskState, taskState } from './task-state.ts';
import { ageText, durationText } from './time.ts';
import { waitingText } from './waiting-text.ts';
import { statusWord } from './words.ts';

/** A codicon and the theme colour it has; no colour means that of the text. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

/** All that a row of the tree shows of a task. Texts of people and agents are safe to show. */
export interface TaskRow {
  readonly label: string;
  readonly description: string;
  readonly icon: Icon;
  readonly contextValue: string;
  /** The row for a screen reader, with the state that its icon shows. */
  readonly spoken: string;
  /** The requests that wait for a person, by id; each is a row below. */
  readonly asks: readonly string[];
}

/** Facts for a row besides the task: the time, and the situation of the task. */
export interface RowContext {
  readonly now: number;
  readonly standing: Standing;
  /** Completed tasks among those below it. */
  readonly parts?: PartsDone | undefined;
}

export function taskRow(task: TaskRecord, context: RowContext): TaskRow {
  const state = taskState(task, context.standing);
  const quiet = quietWords(context.standing, context.now).length > 0;
  const title = sanitizeLine(task.title);
  const detail = details(task, state, context);
  const urgent = task.status === 'pending' && (task.priority === 'critical' || task.priority === 'high');
  const isGroup = task.kind === 'group';
  const parts = partsWords(context);
  const agent = isGroup ? [] : [agentName(task), ...approvalsWords(task)];
  // The request to the person comes first, because a narrow view cuts off the rest.
  const words = [
    ...(urgent ? [priorityWord(task.priority)] : []),
    ...parts,
    ...(state === 'asking' || state === 'failed' || quiet ? [...detail, ...agent] : [...agent, ...detail]),
  ];
  return {
    label: `#${task.number} ${title}`,
    description: words.join(' · '),
    icon: isGroup && groupStates.has(state) ? { id: 'list-tree' } : quiet ? quietIcon : icons[state],
    contextValue: rowFlags(task).join(' '),
    spoken: [
      l10n.t('Task {0}, {1}', task.number, title),
      statusWord(task.status),
      ...(isGroup ? [l10n.t('group')] : [l10n.t('agent {0}', agentName(task)), ...approvalsWords(task)]),
      ...parts,
      ...(urgent ? [l10n.t('priority {0}', priorityWord(task.priority))] : []),
      ...detail,
    ].join(', '),
    asks: pendingApprovals(task).map((approval) => approval.id),
  };
}

/** Why the task has its status, as in its row. */
export function rowDetails(task: TaskRecord, context: RowContext): string[] {
  return details(task, taskState(task, context.standing), context);
}

/** The agent, and the model where one was asked for. */
export function agentName(task: TaskRecord): string {
  return sanitizeLine(task.assignee === undefined ? task.tool : `${task.tool} (${task.assignee})`);
}

/** Only values other than the default of asking a person. */
function approvalsWords(task: TaskRecord): string[] {
  switch (approvalsOf(task)) {
    case 'none':
      return [l10n.t('never asks')];
    case 'agent':
      return [l10n.t('own permission mode')];
    default:
      return [];
  }
}

export function priorityWord(priority: TaskRecord['priority']): string {
  switch (priority) {
    case 'critical':
      return l10n.t('critical');
    case 'high':
      return l10n.t('high');
    case 'medium':
      return l10n.t('medium');
    case 'low':
      return l10n.t('low');
  }
}

const icons: Record<TaskState, Icon> = {
  pending: { id: 'circle-large-outline' },
  gated: { id: 'shield' },
  queued: { id: 'watch', color: 'charts.blue' },
  blocked: { id: 'lock', color: 'disabledForeground' },
  running: { id: 'sync~spin', color: 'charts.blue' },
  asking: { id: 'bell-dot', color: 'list.warningForeground' },
  interrupted: { id: 'debug-disconnect', color: 'list.warningForeground' },
  paused: { id: 'debug-pause', color: 'list.warningForeground' },
  open: { id: 'comment-discussion', color: 'charts.purple' },
  completed: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  cancelled: { id: 'circle-slash', color: 'disabledForeground' },
};

/** An agent without activity does not spin. */
const quietIcon: Icon = { id: 'sync-ignored', color: 'list.warningForeground' };

/** States in which a group shows that it is a group; otherwise its state matters more. */
const groupStates: ReadonlySet<TaskState> = new Set(['pending', 'queued', 'running']);

function partsWords({ parts }: RowContext): string[] {
  return parts === undefined ? [] : [l10n.t('{0} of {1} done', parts.done, parts.total)];
}

function details(task: TaskRecord, state: TaskState, { now, standing }: RowContext): string[] {
  if (standing.kind === 'waiting') return [waitingText(standing)];
  switch (state) {
    case 'pending':
      return [ageText(task.created_at, now)];
    case 'gated':
      return [l10n.t('asks before start')];
    case 'queued':
    case 'blocked':
      return [l10n.t('queued')];
    case 'running':
      return [
        ...quietWords(standing, now),
        ...(task.progress === undefined ? [] : [l10n.t('{0} %', Math.round(task.progress))]),
        runningFor(activeDuration(task, now)),
      ];
    case 'asking':
      return [askingText(task)];
    case 'interrupted':
      return [l10n.t('interrupted')];
    case 'paused':
      return [pauseWord(task)];
    case 'open':
      return [
        task.follow_ups.some((followUp) => followUp.taken_at === undefined)
          ? l10n.t('follow-up queued')
          : openText(task, standing, now),
      ];
    case 'failed':
      return [firstWords(task.error ?? '') || ageText(task.completed_at ?? task.updated_at, now)];
    case 'completed':
      return [
        ...(standing.kind === 'review' ? [l10n.t('changes to review')] : []),
        ageText(task.completed_at ?? task.updated_at, now),
      ];
    case 'cancelled':
      return [ageText(task.completed_at ?? task.updated_at, now)];
  }
}

/** Rows refresh every half minute: minutes are rounded up, so that a session is never shown as ended too early. */
function openText(task: TaskRecord, standing: Standing, now: number): string {
  const until = standing.kind === 'open' ? standing.until : undefined;
  if (until === undefined) return ageText(task.updated_at, now);
  const minutes = Math.ceil((Date.parse(until) - now) / 60_000);
  return minutes <= 0 ? l10n.t('completes in a moment') : l10n.t('completes in {0} min', minutes);
}

function askingText(task: TaskRecord): string {
  if (awaitsPick(task)) return l10n.t('results to compare');
  return onlyQuestions(pendingApprovals(task)) ? l10n.t('has a question') : l10n.t('needs approval');
}

/** Words for an agent without activity; empty for every other one. */
export function quietWords(standing: Standing, now: number): string[] {
  if (standing.kind !== 'running' || standing.quietSince === undefined) return [];
  const time = durationText(now - Date.parse(standing.quietSince));
  return [standing.stale === true ? l10n.t('stale: no activity for {0}', time) : l10n.t('no activity for {0}', time)];
}

/** Rows refresh every half minute, so they show no seconds. */
function runningFor(ms: number): string {
  return ms < 60_000 ? l10n.t('< 1 min') : durationText(ms);
}

function pauseWord(task: TaskRecord): string {
  switch (task.pause_reason) {
    case 'budget':
      return l10n.t('limit reached');
    default:
      return l10n.t('paused');
  }
}

function firstWords(text: string): string {
  const line = sanitizeLine(text).trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
