import { precisionOf, withPrecision } from '../../core/policy/precision.ts';
import { type ApprovalsMode, approvalsOf } from '../../core/task/approvals-mode.ts';
import type { CollaborationMode } from '../../core/task/collaboration-mode.ts';
import { deletedName, lostDependencies } from '../../core/task/dependencies.ts';
import { latestEntries } from '../../core/task/log-entry.ts';
import { openRace } from '../../core/task/race.ts';
import type { Task, TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { workStateOf } from '../../core/task/workspace.ts';
import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import { dollars } from '../terminal/dollars.ts';
import type { Output } from '../terminal/output.ts';
import type { Style } from '../terminal/style.ts';
import { ago, humanDuration } from '../terminal/time.ts';
import { padEnd } from '../terminal/width.ts';
import { checkpointLines } from './checkpoints.ts';
import { logLine } from './log.ts';
import { stepLines } from './next-step.ts';
import { checksOfTask, phaseLines } from './phases.ts';
import { remarksOf } from './remarks.ts';
import { statusWord } from './status-word.ts';
import { approvalLines, executionLines, historyLines } from './task-parts.ts';

/** Facts of the store for the view of a task. */
export interface Around {
  find(id: string): TaskRecord | undefined;
  children(id: string): Iterable<TaskRecord>;
  /** The situation of the task that is shown. */
  readonly standing: Standing;
}

export interface TaskViewOptions {
  /** Executions and transitions too. */
  readonly history?: boolean;
  /** The workspace folder, from which files are named. */
  readonly folder?: string;
  /** Changed files in its worktree; null or undefined where they are not known. */
  readonly changedFiles?: number | null;
}

const LOG_LINES = 10;
const CHECKPOINT_LINES = 5;

/** Everything about a task that a person asks for, most important first; empty parts are left out. */
export function taskView(
  task: Task,
  around: Around,
  out: Pick<Output, 'style' | 'now'>,
  options: TaskViewOptions = {},
): string {
  const { style } = out;
  const heading = (text: string): string => style('bold', text);
  const parts = [
    [heading(`#${task.number} ${sanitizeLine(task.title)}`), headline(task, around, out)],
    facts(task, around, out, options.changedFiles ?? null),
    section(heading, 'Asks you', approvalLines(task, style, options.folder)),
    section(heading, 'Description', task.description === task.title ? [] : indented(task.description)),
    section(heading, 'Instructions', indented(task.instructions ?? '')),
    section(
      heading,
      'Done when',
      task.acceptance_criteria.map((line) => `  - ${sanitizeLine(line)}`),
    ),
    section(heading, 'Phases', phaseLines(task, style)),
    section(heading, 'Checks', checksOfTask(task, style)),
    section(heading, 'Error', errorLines(task, style)),
    section(heading, 'Result', resultLines(task.result)),
    section(
      heading,
      'Checkpoints',
      checkpointLines({ checkpoints: task.checkpoints?.slice(-CHECKPOINT_LINES) }, out.now()),
    ),
    section(heading, 'Executions', options.history === true ? executionLines(task, out.now()) : []),
    section(heading, 'History', options.history === true ? historyLines(task, out.now()) : []),
    section(
      heading,
      logTitle(task),
      latestEntries(task.logs, LOG_LINES).map((entry) => `  ${logLine(entry, style, out.now())}`),
    ),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function approvalsWords(task: TaskRecord): string[] {
  const mode = approvalsOf(task);
  // The mode of a supervised task overrides it.
  if (mode === undefined || task.collaboration_mode === 'supervised') return [];
  const words: Record<ApprovalsMode, string> = {
    ask: 'the agent asks before each change and command',
    agent: "the agent's own permission mode decides",
    none: 'no person is asked',
  };
  return [words[mode]];
}

const modeWords: Readonly<Record<CollaborationMode, string>> = {
  autonomous: 'autonomous: the agent does not stop for a person',
  assisted: 'assisted: the agent stops after each proposal, and a person completes the task',
  supervised: 'supervised: a person decides about each change',
};

function errorLines({ error, error_next: next = [] }: Task, style: Style): string[] {
  if (error === undefined) return [];
  return [...indented(error, (line) => style('red', line)), ...stepLines(next).map((line) => `  ${line}`)];
}

function headline(task: Task, around: Around, { style, now }: Pick<Output, 'style' | 'now'>): string {
  const words = [
    statusWord(task, style),
    task.priority,
    task.kind === 'group'
      ? 'group'
      : sanitizeLine(task.tool) + (task.assignee === undefined ? '' : ` (${sanitizeLine(task.assignee)})`),
    ...(task.duration > 0 ? [`${humanDuration(task.duration)} of work`] : []),
    `created ${ago(task.created_at, now())}`,
    ...remarksOf(task, around.standing, now()).filter((remark) => remark !== sanitizeLine(task.error ?? '')),
  ];
  return words.join(' · ');
}

/** Next steps for dependencies that cannot complete automatically. */
function blocked(task: Task, around: Around): string[] {
  if (task.status !== 'pending') return [];
  return lostDependencies(task, (id) => around.find(id)).map(({ id, task: other }) => {
    const name = other === undefined ? id : String(other.number);
    const again = other === undefined ? '' : `"systemprompt task restart ${name}", or `;
    return `${again}"systemprompt task remove-dependency ${task.number} ${name}" to continue without it`;
  });
}

function facts(task: Task, around: Around, { style }: Pick<Output, 'style'>, changedFiles: number | null): string[] {
  const name = (other: TaskRecord): string =>
    `${statusWord(other, style)} #${other.number} ${sanitizeLine(other.title)}`;
  const named = (id: string): string => {
    const other = around.find(id);
    return other === undefined ? deletedName(task, id) : name(other);
  };
  const rows: [string, readonly string[]][] = [
    ['id', [task.id]],
    ['project', task.project === undefined ? [] : [sanitizeLine(task.project)]],
    ['labels', task.labels.length === 0 ? [] : [task.labels.map(sanitizeLine).join(', ')]],
    ['part of', task.parent_id === undefined ? [] : [named(task.parent_id)]],
    ['parts', [...around.children(task.id)].map(name)],
    ['depends on', task.depends_on.map(named)],
    ['blocked', blocked(task, around)],
    ['approval', gate(task)],
    ['approvals', task.tool === 'SHELL' ? [] : approvalsWords(task)],
    ['review', task.review === 'required' ? ['a person must accept the result'] : []],
    ['mode', task.collaboration_mode === undefined ? [] : [modeWords[task.collaboration_mode]]],
    ['budget', budget(task)],
    [
      'tools',
      task.constraints.allowed_tools === undefined ? [] : [task.constraints.allowed_tools.map(sanitizeLine).join(', ')],
    ],
    ['spent', spent(task)],
    [
      'changes',
      [
        ...changes(
          task,
          changedFiles,
          openRace(task, (id) => around.find(id)),
        ),
        ...ofParts(task, [...around.children(task.id)]),
      ],
    ],
    ['session', task.assigned_to === undefined ? [] : [sanitizeLine(task.assigned_to)]],
  ];
  const width = 11;
  return rows.flatMap(([label, lines]) =>
    lines.map((line, index) => `  ${style('dim', padEnd(index === 0 ? label : '', width))}${line}`),
  );
}

function gate(task: Task): string[] {
  if (task.approval?.required !== true) return [];
  return [
    `needed to start${task.approval.approver === undefined ? '' : `, by ${sanitizeLine(task.approval.approver)}`}`,
  ];
}

function budget({ constraints }: Task): string[] {
  const words = [
    constraints.max_tokens === undefined ? '' : `${count(constraints.max_tokens)} tokens`,
    constraints.max_duration_minutes === undefined ? '' : `${constraints.max_duration_minutes} min`,
    constraints.max_cost_usd === undefined ? '' : dollars(constraints.max_cost_usd),
    constraints.max_iterations === undefined ? '' : turns(constraints.max_iterations),
  ].filter(Boolean);
  return words.length === 0 ? [] : [words.join(', ')];
}

function spent({ usage }: Task): string[] {
  const words = [
    usage?.total_tokens === undefined
      ? ''
      : withPrecision(`${count(usage.total_tokens)} tokens`, precisionOf('tokens', usage)),
    usage?.cost_usd === undefined ? '' : withPrecision(dollars(usage.cost_usd), precisionOf('cost', usage)),
    usage?.iterations === undefined ? '' : turns(usage.iterations),
  ].filter(Boolean);
  return words.length === 0 ? [] : [words.join(', ')];
}

/** The branch with the changes, and the commands for them where there are any. */
function changes(task: Task, changedFiles: number | null, race: TaskRecord | undefined): string[] {
  const { number, status, workspace } = task;
  if (workspace === undefined) return [];
  const state = workStateOf(task);
  if (state === 'discarded') return [`discarded; for 30 days: git branch NAME ${workspace.discarded_ref}`];
  if (state === 'merged') return ['merged'];
  const place = `on branch ${workspace.branch}`;
  if (status === 'pending' || status === 'in_progress') return [place];
  if (changedFiles === 0) return [`none yet, ${place}`];
  return [
    `${place}: systemprompt task diff ${number}`,
    race === undefined
      ? `then: systemprompt task merge ${number}, or task discard ${number}`
      : `then: systemprompt task race show ${race.number}, or task race pick ${number}`,
  ];
}

/** The work of completed parts that is not on the branch of their group, and the command that combines it. */
function ofParts({ number, status, race }: Task, parts: readonly TaskRecord[]): string[] {
  if (race !== undefined || status !== 'completed') return [];
  const count = parts.filter((part) => part.status === 'completed' && workStateOf(part) === 'unmerged').length;
  if (count === 0) return [];
  const what = count === 1 ? '1 part on its own branch' : `${count} parts on their own branches`;
  return [`of ${what}: systemprompt task merge-parts ${number}`];
}

function turns(value: number): string {
  return `${value} ${value === 1 ? 'turn' : 'turns'}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function resultLines(result: unknown): string[] {
  if (result === undefined || result === null || result === '') return [];
  return indented(typeof result === 'string' ? result : (JSON.stringify(result, undefined, 2) ?? ''));
}

function logTitle(task: Task): string {
  return task.log_count > LOG_LINES ? `Log (last ${LOG_LINES} of ${count(task.log_count)} lines)` : 'Log';
}

function section(heading: (text: string) => string, title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines];
}

function indented(text: string, paint: (line: string) => string = (line) => line): string[] {
  const clean = sanitizeText(text).trimEnd();
  return clean === '' ? [] : clean.split('\n').map((line) => (line === '' ? '' : `  ${paint(line)}`));
}
