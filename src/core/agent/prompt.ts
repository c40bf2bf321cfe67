import { collaborationOrder } from '../task/collaboration.ts';
import { noteLines } from '../task/handoff.ts';
import type { TaskLogEntry } from '../task/log-entry.ts';
import type { CheckResult, TaskRecord } from '../task/schema.ts';
import {
  currentStep,
  handoffsOf,
  hasNextStep,
  isReview,
  limitsInStep,
  returnedWith,
  scriptOf,
  stepIndex,
} from '../task/workflow.ts';
import { askForJson } from '../text/json-in.ts';
import { describeAllowedTool } from '../tools/tool-grammar.ts';
import { listOf, SHELL, stepWords, wordsOf } from './order.ts';

/** The first prompt of a task: goal, context and criteria for an agent; the script for the shell. */
export function promptFor(task: TaskRecord): string {
  if (task.tool === SHELL) return scriptOf(task);
  return [...wordsOf(task), ...stepOrder(task), ...collaborationOrder(task), ...rulesOf(task)].join('\n\n');
}

/** The current step of a workflow, and the notes of the steps before it. */
function stepOrder(task: TaskRecord): string[] {
  const { workflow = [] } = task;
  const step = currentStep(task);
  if (step === undefined) return [];
  const notes = handoffsOf(task).map(({ step: { agent, phase }, message, note }) => {
    const text = note === undefined ? message : noteLines(note).join('\n');
    return `## Note of ${agent} from the step "${phase}"\n\n${text}`;
  });
  const back = returnedWith(task);
  const returned =
    back === undefined
      ? []
      : [`## The step "${back.by.phase}" (${back.by.agent}) sent the work back\n\n${listOf(back.reasons)}`];
  return [stepWords(step, stepIndex(task), workflow.length), ...noteOrder(task), ...notes, ...returned];
}

/** Fields of a note, in the order in which an agent writes them. */
const NOTE = '"done": "…", "decisions": ["…"], "open": ["…"], "files": ["…"], "verify": ["…"]';

function noteOrder(task: TaskRecord): string[] {
  const review = isReview(task);
  if (!review && !hasNextStep(task)) return [];
  const end = `Do this step only. ${askForJson('a note for the next agent', `{ ${NOTE} }`, 'handoff')}`;
  if (!review) return [end];
  const verdict = `Review the work of the earlier steps. Do not fix it yourself. ${askForJson('your verdict', `{ "verdict": "accept" or "send_back", "reasons": ["…"], ${NOTE} }`, 'handoff')}`;
  return [`${verdict}\n\nSend the work back only for faults that must be fixed, with one reason each.`];
}

/** The prompt after failed checks, with the end of their output. */
export function failedChecksPrompt(results: readonly CheckResult[]): string {
  const parts = results
    .filter(({ passed }) => !passed)
    .map(({ command, exit_code: code, signal, output }) => {
      const end = signal ?? `exit code ${code ?? 'unknown'}`;
      return `## \`${command}\` (${end})\n\n\`\`\`\n${output}\n\`\`\``;
    });
  return `The work is not finished: these checks failed after your turn. Fix the cause.\n\n${parts.join('\n\n')}`;
}

/** Lists the allowed tools in advance, because a refused request wastes a call of the model. */
function rulesOf(task: TaskRecord): string[] {
  const { allowed_tools: allowed } = limitsInStep(task);
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

/** Adds the diff of the earlier steps. A script gets none. */
export function withChanges(prompt: string, { tool }: Pick<TaskRecord, 'tool'>, changes: string | undefined): string {
  if (tool === SHELL || changes === undefined) return prompt;
  return `${prompt}\n\n## Changes so far\n\n\`\`\`diff\n${changes}\n\`\`\``;
}

/** Adds the lessons of the folder. A script gets none. */
export function withLessons(prompt: string, { tool }: Pick<TaskRecord, 'tool'>, lessons: string | undefined): string {
  if (tool === SHELL || lessons === undefined) return prompt;
  return `${prompt}\n\n## Lessons from earlier tasks\n\n${lessons}`;
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
