import { noteLines } from '../../core/task/handoff.ts';
import type { CheckResult, Execution, TaskRecord, WorkflowStep } from '../../core/task/schema.ts';
import { stepIndex } from '../../core/task/workflow.ts';
import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import type { Style } from '../terminal/style.ts';

/** Lines of an unstructured note, whose end sums up. */
const MESSAGE_LINES = 6;

/** The phases of a workflow with their outcome, the note to the next phase, and their checks. */
export function phaseLines(task: TaskRecord, style: Style): string[] {
  return (task.workflow ?? []).flatMap((step, index) => {
    const last = task.executions.findLast((execution) => execution.step === index);
    const back = last?.sent_back?.map((reason) => `sent back: ${reason}`) ?? [];
    const lines = [...(last === undefined ? [] : noteOf(last)), ...back];
    return [
      `  ${index + 1}. ${nameOf(step)}  ${style('dim', stateOf(task, index, last))}`,
      ...lines.map((line) => `     ${sanitizeLine(line)}`),
      ...checkLines(last?.checks, style).map((line) => `   ${line}`),
    ];
  });
}

/** The checks of the last execution of an ordinary task; those of a workflow are shown with its phases. */
export function checksOfTask(task: TaskRecord, style: Style): string[] {
  if (task.workflow !== undefined) return [];
  const results = task.executions.findLast(({ checks }) => checks !== undefined)?.checks;
  if (results !== undefined) return checkLines(results, style);
  return (task.checks ?? []).map((command) => `  ${style('dim', '-')} ${sanitizeLine(command)}`);
}

function checkLines(results: readonly CheckResult[] = [], style: Style): string[] {
  return results.map(({ command, passed, ms }) => {
    const word = passed ? style('green', 'passed') : style('red', 'failed');
    return `  ${word} ${sanitizeLine(command)} (${(ms / 1_000).toFixed(1)} s)`;
  });
}

function nameOf({ phase, agent, model, gate }: WorkflowStep): string {
  const facts = [agent, ...(model === undefined ? [] : [model]), ...(gate === true ? ['needs approval'] : [])];
  return `${sanitizeLine(phase)} (${facts.map(sanitizeLine).join(', ')})`;
}

function stateOf(task: TaskRecord, index: number, last: Execution | undefined): string {
  const current = stepIndex(task) === index;
  if (last?.sent_back !== undefined) return 'sent the work back';
  if (last === undefined) return current && task.status === 'in_progress' ? 'starting' : 'not started';
  if (last.outcome === undefined) return task.status === 'in_progress' ? 'running' : 'session open';
  return index > stepIndex(task) ? 'waits for the earlier phase' : last.outcome;
}

function noteOf({ note, handoff }: Execution): string[] {
  if (note !== undefined) return noteLines(note);
  const lines = sanitizeText(handoff ?? '')
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.length > MESSAGE_LINES ? ['…', ...lines.slice(-MESSAGE_LINES)] : lines;
}
