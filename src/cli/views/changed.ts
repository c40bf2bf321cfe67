import { pendingApprovals } from '../../core/task/approval.ts';
import type { Task, TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { scriptOf } from '../../core/task/workflow.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Host } from '../../host.ts';
import { standings } from '../../operations/queue/standings.ts';
import type { Invocation } from '../command.ts';
import type { Style } from '../terminal/style.ts';
import { commandLine, stepLines } from './next-step.ts';
import { remarksOf } from './remarks.ts';
import { statusWord } from './status-word.ts';

/** `#3 Fix the login test (✓ completed)`. */
export function taskLine(task: TaskRecord, style: Style): string {
  return `${taskName(task)} (${statusWord(task, style)})`;
}

export function taskName(task: Pick<TaskRecord, 'number' | 'title'>): string {
  return `#${task.number} ${sanitizeLine(task.title)}`;
}

/** One line a task. */
export function changedView(verb: string, tasks: readonly Task[], style: Style): string {
  const name = verb === 'Deleted' ? taskName : (task: Task) => taskLine(task, style);
  return tasks.map((task) => `${verb} ${name(task)}`).join('\n');
}

/** One line per started task, with its blockers. */
export function startedView(
  verb: string,
  tasks: readonly Task[],
  standingOf: (task: TaskRecord) => Standing,
  style: Style,
): string {
  return tasks
    .map((task) => {
      const remarks = remarksOf(task, standingOf(task));
      return [`${verb} ${taskName(task)}`, ...remarks.map((remark) => ` · ${remark}`), howToDecide(task, style)].join(
        '',
      );
    })
    .join('\n');
}

export async function createdView(task: Task, call: Invocation, host: Host): Promise<string> {
  const { style } = call.out;
  const started = startedView('Created', [task], await standings(host), style);
  // A worker may have claimed it already, so the task is no longer queued.
  if (call.values.start === true) return started;
  // A group runs nothing itself.
  if (task.kind === 'group') return started;
  const model = task.assignee === undefined ? '' : ` with the model ${sanitizeLine(task.assignee)}`;
  const next =
    task.tool === 'SHELL' && scriptOf(task).trim() === ''
      ? ['It has no script yet. Add one:', `  ${commandLine(addScript(task.number))}`]
      : [`Start it: systemprompt task start ${task.number}`];
  const lines = [
    `${started} · for ${sanitizeLine(task.tool)}${model}`,
    ...agentMissing(task, host),
    ...limitLines(task),
    ...next.map((line) => style('dim', line)),
  ];
  return lines.join('\n  ');
}

function addScript(task: number): Parameters<typeof commandLine>[0] {
  return { operation: 'task.update', input: { task }, ask: ['instructions'] };
}

/** A warning about limits that the agent of the task cannot reach. */
export function limitLines({ tool, constraints: { max_tokens: tokens, max_cost_usd: cost } }: TaskRecord): string[] {
  if (tool !== 'SHELL' || (tokens === undefined && cost === undefined)) return [];
  return ['A script uses no tokens and costs nothing: only limits of time stop it.'];
}

/** A person learns at creation that the agent is missing, and not only at the start; once, not with every task. */
function agentMissing(task: Task, host: Host): string[] {
  for (const other of host.store.view.all()) if (other.tool === task.tool && other.id !== task.id) return [];
  const error = host.agents.unavailable(task.tool);
  return error === undefined ? [] : [sanitizeLine(error.message), ...stepLines(error.next)];
}

export function decidedView(verb: string, task: Task, style: Style): string {
  const left = pendingApprovals(task).length;
  const more = left === 0 ? '' : ` · asks ${left} more: systemprompt task show ${task.number}`;
  return `${verb}: ${taskLine(task, style)}${more}`;
}

/** The rules that were written with the latest decision. */
export function rememberedLines(task: Task): string[] {
  const latest = task.approvals
    .map(({ decided_at: at }) => at ?? '')
    .sort()
    .at(-1);
  const rules = task.approvals.flatMap(({ decided_at: at, rule }) =>
    at === latest && rule !== undefined ? [rule] : [],
  );
  return [...new Set(rules)].map((rule) => `Remembered in .systemprompt/config.json: ${sanitizeLine(rule)}`);
}

function howToDecide(task: Task, style: Style): string {
  const [first] = pendingApprovals(task);
  if (first === undefined) return '';
  if (first.kind === 'feedback') return `\n  ${style('dim', `Answer: systemprompt task answer ${task.number} "…"`)}`;
  const commands = [`task approve ${task.number}`, `task reject ${task.number} --reason "…"`];
  return commands.map((command) => `\n  ${style('dim', `systemprompt ${command}`)}`).join('');
}
