import { type Approval, pendingApprovals, type QuestionField } from '../../core/task/approval.ts';
import { historyActor } from '../../core/task/history-actor.ts';
import type { Execution, TaskRecord } from '../../core/task/schema.ts';
import { pathWithin } from '../../core/text/path-within.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible, visibleLine } from '../../core/text/visible.ts';
import type { Style } from '../terminal/style.ts';
import { clock, humanDuration } from '../terminal/time.ts';

/** Lines of a command or a diff that are shown; the rest is in the task's log. */
const DETAIL_LINES = 40;

/** The pending requests of a task with their details and the commands that decide them. */
export function approvalLines(task: TaskRecord, style: Style, folder = ''): string[] {
  const waiting = pendingApprovals(task);
  const lines = waiting.flatMap((approval) => [
    `  ${approval.number}. ${style('yellow', visibleLine(approval.title))}`,
    ...cut(detailLines(approval, folder)).map((line) => `     ${line}`),
  ]);
  if (waiting.length === 0) return [];
  const which = waiting.length > 1 ? ' --request N' : '';
  const questions = waiting.filter(({ kind }) => kind === 'feedback');
  const answer = `  ${style('dim', `systemprompt task answer ${task.number}${questions.length > 1 ? which : ''} "…"`)}`;
  if (questions.length === waiting.length) {
    return [...lines, answer, `  ${style('dim', `systemprompt task reject ${task.number}${which}`)}`];
  }
  return [
    ...lines,
    ...(questions.length === 0 ? [] : [answer]),
    `  ${style('dim', `systemprompt task approve ${task.number}${which}`)}`,
    `  ${style('dim', `systemprompt task reject ${task.number}${which} --reason "…"`)}`,
  ];
}

/** A request in full: nothing that a person decides on is cut. */
export function requestLines(approval: Approval, folder = ''): string[] {
  return [visibleLine(approval.title), ...detailLines(approval, folder)];
}

const REDACTED = 'Redacted: a part of this request looks like a secret and is not shown. No rule answers it.';

function detailLines({ detail, title }: Approval, folder: string): string[] {
  if (detail === undefined) return [];
  const lines: string[] = [];
  if (detail.redacted === true) lines.push(REDACTED);
  if (detail.question !== undefined && detail.question.trim() !== title) lines.push(...textLines(detail.question));
  for (const field of detail.fields ?? []) lines.push(fieldLine(field));
  if (detail.command !== undefined) lines.push(...textLines(`$ ${detail.command}`));
  for (const file of detail.diffs === undefined ? (detail.files ?? []) : [])
    lines.push(visibleLine(pathWithin(file, folder)));
  for (const diff of detail.diffs ?? []) {
    lines.push(visibleLine(pathWithin(diff.path, folder)));
    lines.push(...textLines(diff.oldText ?? '').map((line) => `- ${line}`));
    lines.push(...textLines(diff.newText).map((line) => `+ ${line}`));
  }
  return lines;
}

/** `database: postgres | sqlite (required)`. */
function fieldLine({ name, title, type, options, required }: QuestionField): string {
  const choices = options?.map(({ value }) => value).join(' | ') ?? type;
  const about = title === undefined || title === name ? '' : ` (${title})`;
  return visibleLine(`${name}${about}: ${choices}${required ? '' : ', optional'}`);
}

function textLines(text: string): string[] {
  const clean = visible(text).trimEnd();
  return clean === '' ? [] : clean.split('\n');
}

function cut(lines: string[]): string[] {
  if (lines.length <= DETAIL_LINES) return lines;
  return [...lines.slice(0, DETAIL_LINES), `… ${lines.length - DETAIL_LINES} more lines (--json has them all)`];
}

/** One line per attempt: time, agent, outcome. */
export function executionLines(task: Pick<TaskRecord, 'executions'>, now: number): string[] {
  return task.executions.map((execution, index) => {
    const words = [clock(execution.started_at, now), sanitizeLine(execution.agent), endOf(execution, now)];
    return `  ${index + 1}. ${words.join('  ')}`;
  });
}

function endOf(execution: Execution, now: number): string {
  const ended = execution.ended_at === undefined ? now : Date.parse(execution.ended_at);
  const span = humanDuration(Math.max(0, ended - Date.parse(execution.started_at)));
  const facts = [
    execution.outcome ?? 'running',
    execution.exit_code === undefined ? '' : `exit code ${execution.exit_code}`,
    execution.signal === undefined ? '' : sanitizeLine(execution.signal),
    execution.error_code === undefined ? '' : sanitizeLine(execution.error_code),
  ].filter(Boolean);
  return `${facts.join(', ')} after ${span}`;
}

/** One line per change of status or fields: time, change, reason and person. */
export function historyLines(task: Pick<TaskRecord, 'history'>, now: number): string[] {
  return task.history.map((entry) => {
    const { at, from, to, reason, changes } = entry;
    const status = changes === undefined ? `${from} → ${to}  ` : '';
    const by = historyActor(entry);
    const who = by === undefined ? '' : `, by ${by}`;
    return `  ${clock(at, now)}  ${status}${sanitizeLine(reason)}${who}`;
  });
}
