import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { type CommandId, commandLink } from '../contributions.ts';
import { type StepButton, stepButtons } from '../feedback/step-buttons.ts';
import { l10n } from '../present/l10n.ts';
import { plainMarkdown } from '../present/markdown.ts';
import { taskRow } from '../present/task-row.ts';

/** An answer in the chat: Markdown, whose command links only open tasks, and buttons. */
export interface ChatAnswer {
  readonly markdown: string;
  readonly buttons: readonly StepButton[];
  /** Tasks that the answer is about. */
  readonly tasks: readonly TaskRecord[];
}

/** The command of the links in an answer. */
export const linked: CommandId = 'systemprompt.task.open';

const LISTED = 10;

type StandingOf = (task: TaskRecord) => Standing;

/** The tasks of a folder that run, ask, wait or failed, in words. */
export function statusAnswer(tasks: readonly TaskRecord[], standingOf: StandingOf, folder: string): ChatAnswer {
  const now = Date.now();
  const all = tasks.filter(({ archived_at: archived }) => archived === undefined);
  if (all.length === 0) return { markdown: l10n.t('This folder has no tasks yet.'), buttons: [], tasks: [] };
  const groups = new Map<string, TaskRecord[]>();
  for (const task of all) {
    const name = groupOf(standingOf(task));
    groups.set(name, [...(groups.get(name) ?? []), task]);
  }
  const shown = headings().flatMap(([kind, heading]) => {
    const members = groups.get(kind) ?? [];
    return members.length === 0 ? [] : [{ heading: `${heading} (${members.length})`, members }];
  });
  const done = all.filter((task) => isTerminal(task.status) && groupOf(standingOf(task)) !== 'failed').length;
  const sections = shown.map(({ heading, members }) => {
    const lines = members.slice(0, LISTED).map((task) => lineOf(task, standingOf(task), folder, now));
    const more = members.length > LISTED ? [`- ${l10n.t('and {0} more', members.length - LISTED)}`] : [];
    return [`**${heading}**`, '', ...lines, ...more].join('\n');
  });
  const ended = l10n.t('{0} of {1} tasks have ended.', done, all.length);
  const asking = groups.get('asking') ?? [];
  const buttons =
    asking.length === 0 ? [] : [{ title: l10n.t('Open Approvals'), command: 'systemprompt.approvals.open' }];
  return {
    markdown: [...sections, ended].join('\n\n'),
    buttons,
    tasks: shown.flatMap(({ members }) => members.slice(0, LISTED)),
  };
}

/** The situation of one task: its state, what it waits for, its error and the next steps. */
export function whyAnswer(task: TaskRecord, situation: Standing, folder: string): ChatAnswer {
  const on = situation.kind === 'waiting' ? situation.on.flatMap((ref) => ref.task ?? []) : [];
  const asks = situation.kind === 'asking' ? situation.requests : [];
  const now = Date.now();
  const error = task.error === undefined ? [] : [`> ${plainMarkdown(task.error).replaceAll('\n', '\n> ')}`];
  const steps = (task.error_next ?? []).map(({ label }) => `- ${plainMarkdown(label)}`);
  const show = { title: l10n.t('Open Task'), command: linked, args: [String(task.number), folder] };
  const decide = { title: l10n.t('Open Approvals'), command: 'systemprompt.approvals.open' };
  const log = { title: l10n.t('Show Log'), command: 'systemprompt.task.showLog', args: [String(task.number), folder] };
  return {
    markdown: [
      lineOf(task, situation, folder, now),
      ...(asks.length === 0 ? [] : [asks.map(({ title }) => `- ${plainMarkdown(title)}`).join('\n')]),
      ...on.map((other) => lineOf(other, { kind: 'draft', gated: false }, folder, now, false)),
      ...error,
      ...(steps.length === 0 ? [] : [steps.join('\n')]),
    ].join('\n\n'),
    buttons: [...(asks.length === 0 ? [] : [decide]), ...stepButtons(task.error_next ?? [], folder), show, log],
    tasks: [task, ...on],
  };
}

/** The task number in a prompt: `12`, `#12`, `why does #12 wait`. */
export function numberIn(prompt: string): number | undefined {
  const number = /#?(\d{1,9})\b/.exec(prompt)?.[1];
  return number === undefined ? undefined : Number(number);
}

function lineOf(task: TaskRecord, situation: Standing, folder: string, now: number, words = true): string {
  const { label, description } = taskRow(task, { now, standing: situation });
  const link = `[${plainMarkdown(label)}](${commandLink(linked, String(task.number), folder)})`;
  return words ? `- ${link} ${plainMarkdown(description)}` : `- ${link}`;
}

type Group = 'asking' | 'running' | 'review' | 'failed' | 'waiting' | 'ready' | 'draft' | 'ended';

function headings(): readonly (readonly [Group, string])[] {
  return [
    ['asking', l10n.t('Waiting for you')],
    ['running', l10n.t('Running')],
    ['review', l10n.t('Ready for review')],
    ['failed', l10n.t('Failed')],
    ['waiting', l10n.t('Waiting')],
    ['ready', l10n.t('Next')],
    ['draft', l10n.t('Not started')],
  ];
}

function groupOf(situation: Standing): Group {
  switch (situation.kind) {
    case 'open':
    case 'running':
      return 'running';
    case 'paused':
      return 'waiting';
    case 'done':
    case 'cancelled':
      return 'ended';
    case 'failed':
      return situation.settled === true ? 'ended' : 'failed';
    default:
      return situation.kind;
  }
}
