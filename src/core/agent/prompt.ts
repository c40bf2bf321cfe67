import type { TaskLogEntry } from '../task/log-entry.ts';
import type { TaskRecord, WorkflowStep } from '../task/schema.ts';
import { currentStep, handoffsOf, hasNextStep, scriptOf, stepIndex } from '../task/workflow.ts';
import { describeAllowedTool } from '../tools/tool-grammar.ts';

/** The embedded agent, whose prompt is a script and nothing else. */
const SHELL = 'SHELL';

/** The first prompt of a task: goal, context and criteria for an agent; the script for the shell. */
export function promptFor(task: TaskRecord): string {
  if (task.tool === SHELL) return scriptOf(task);
  return [...wordsOf(task), ...stepOrder(task), ...rulesOf(task)].join('\n\n');
}

/** The texts of a task that people wrote, including all steps: a person who starts the task approves them. */
export function orderOf(task: TaskRecord): string {
  const { workflow } = task;
  if (workflow === undefined) return task.tool === SHELL ? scriptOf(task) : wordsOf(task).join('\n\n');
  const steps = workflow.map((step, index) => stepWords(step, index, workflow.length));
  return [...wordsOf(task), ...steps].join('\n\n');
}

function wordsOf(task: TaskRecord): string[] {
  // Editors on Windows add a byte order mark.
  const instructions = task.instructions?.replace(/^\ufeff/, '');
  const parts = [`# ${task.title}`];
  if (task.description !== task.title) parts.push(task.description);
  if (instructions !== undefined) parts.push(`## Instructions\n\n${instructions}`);
  if (task.acceptance_criteria.length > 0) {
    parts.push(`## It is done when\n\n${task.acceptance_criteria.map((criterion) => `- ${criterion}`).join('\n')}`);
  }
  return parts;
}

/** The current step of a workflow, and the notes of the steps before it. */
function stepOrder(task: TaskRecord): string[] {
  const { workflow = [] } = task;
  const step = currentStep(task);
  if (step === undefined) return [];
  const notes = handoffsOf(task).map(
    ({ step: { agent, phase }, note }) => `## Note of ${agent} from the step "${phase}"\n\n${note}`,
  );
  const only = 'Do this step only. End with a note for the next one: your changes and the open work.';
  return [stepWords(step, stepIndex(task), workflow.length), ...(hasNextStep(task) ? [only] : []), ...notes];
}

function stepWords({ agent, phase, description, instructions }: WorkflowStep, index: number, count: number): string {
  const head = `## Step ${index + 1} of ${count}: ${phase} (${agent})`;
  return [head, description, instructions].filter((part) => part !== undefined && part.trim() !== '').join('\n\n');
}

/** Lists the allowed tools in advance, because a refused request wastes a call of the model. */
function rulesOf({ constraints: { allowed_tools: allowed } }: TaskRecord): string[] {
  const ask =
    'End your last message with a question only if you cannot continue without the answer: a person is asked then.';
  if (allowed === undefined) return [ask];
  const kinds = allowed.map((text) => `- ${describeAllowedTool(text)}`).join('\n');
  const list = allowed.length === 0 ? 'You may use no tools.' : `You may use these tools and no others:\n\n${kinds}`;
  return [
    `## Tools\n\n${list}\n\nAnything else is refused. If the task needs more, say which tool and why, and stop.`,
    ask,
  ];
}

/** The prompt for a resumed session, so that it continues instead of starting over. */
export function resumePrompt(task: TaskRecord): string {
  return `You were interrupted while working on "${task.title}". Look at the work already done and continue from there.`;
}

/** A request that was refused. */
export interface Refusal {
  readonly title: string;
  readonly reason?: string | undefined;
  /** True if a person decided it, not a rule. */
  readonly byPerson: boolean;
}

/** The prompt after a turn with refusals: the reasons, so that the agent continues. */
export function refusedPrompt(refusals: readonly Refusal[]): string {
  const lines = refusals.map(({ title, reason }) => `- ${title}${reason === undefined ? '' : `: ${reason}`}`);
  return `You were refused what you asked for:\n\n${lines.join('\n')}\n\nGo on with the task without it, as far as you can.`;
}

/** Adds a note about restored files, which the conversation does not contain. A script gets no note. */
export function withRestoreNote(prompt: string, task: Pick<TaskRecord, 'tool' | 'restored'>): string {
  const { tool, restored } = task;
  if (tool === SHELL || restored === undefined) return prompt;
  return `${prompt}\n\nThe files were put back to an earlier state (checkpoint ${restored.checkpoint}: ${restored.message}). Later changes are gone.`;
}

/** Characters of the log in the first prompt of a new session. */
const SUMMARY_CHARS = 6_000;

/** The prompt for a new session when the interrupted one cannot be resumed: the task, and the end of its log. */
export function continuePrompt(task: TaskRecord, log: readonly TaskLogEntry[]): string {
  const lines = log
    .filter((entry) => entry.level !== 'debug' && (entry.type === 'agent' || entry.type === 'tool'))
    .map((entry) => `- ${entry.type}: ${entry.message.slice(0, 500)}`);
  let summary = lines.join('\n');
  if (summary.length > SUMMARY_CHARS) summary = `…${summary.slice(-SUMMARY_CHARS)}`;
  if (summary === '') return promptFor(task);
  return `${promptFor(task)}\n\n## What was done already\n\nAn earlier session was interrupted. Look at the files and continue from there. Do not repeat finished work.\n\n${summary}`;
}
