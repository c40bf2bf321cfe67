import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { Approval, QuestionField } from './approval-schema.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

/** Characters of a message that ends with a question: the person reads its end. */
const MESSAGE_CHARS = 10_000;
const TITLE_CHARS = 300;
/** Characters after a question mark: emphasis, quotes, brackets. */
const trailing = /[\s*_"'”’»)\]]+$/u;

/** Marks of Markdown, which a title does not draw: headings, quotes, items, bold, code. The message keeps them. */
const emphasis = /^(?:[#>\-*]+\s+)+|\*\*|`/g;

/** A question that a message ends with: its line, and the message with it. Undefined for one that asks nothing. */
export function questionIn(message: string): { title: string; message: string } | undefined {
  const line = message.trimEnd().split('\n').at(-1)?.trim() ?? '';
  if (!/[?？؟]$/u.test(line.replace(trailing, ''))) return undefined;
  const plain = line.replace(emphasis, '').trim();
  const title = plain.length > TITLE_CHARS ? `…${plain.slice(-TITLE_CHARS)}` : plain;
  return { title, message: message.slice(-MESSAGE_CHARS) };
}

/** A question that ended a turn: no call waits for its answer, so that it outlives its run. */
function endedTurn(approval: Approval): boolean {
  return approval.kind === 'feedback' && approval.execution_id === undefined;
}

/** True if the last turn ended with a question that is still open. */
export function awaitsAnswer(task: TaskRecord): boolean {
  return task.status === 'paused' && task.approvals.some((a) => endedTurn(a) && a.status === 'pending');
}

/** The answered question of a turn whose answer no agent was given yet. */
export function waitingAnswer(task: TaskRecord): Approval | undefined {
  return task.approvals.find(
    (a) => endedTurn(a) && (a.status === 'approved' || a.status === 'rejected') && a.spent !== true,
  );
}

/** The agent receives the answer once and continues. */
export function takeAnswer(task: TaskRecord, id: string, at: string): TaskPatch {
  return {
    ...(task.status === 'paused' ? transition(task, 'in_progress', { at, reason: 'answered' }) : {}),
    approvals: task.approvals.map((approval) => (approval.id === id ? { ...approval, spent: true } : approval)),
  };
}

/** The text for the agent. */
export function answerPrompt(approval: Approval): string {
  const words = approval.notes?.trim() ?? '';
  if (approval.status === 'approved') return words;
  return `Your question was not answered${words === '' ? '' : `: ${words}`}. Continue as you think best, without asking it again.`;
}

/**
 * Once a question of an ended turn is decided, its session continues: an open one directly, a closed one through a
 * worker.
 */
export function afterAnswer(task: TaskRecord, approval: Approval, at: string): TaskPatch | undefined {
  if (!endedTurn(approval)) return undefined;
  return task.lease === undefined ? { pause_reason: 'interrupted', queued_at: at } : {};
}

/**
 * Converts a person's answer to the values of the requested fields. A single field takes the text; several need a JSON
 * object, or a line `name: value` for each.
 *
 * @throws TaskError `InvalidInput` that names missing and invalid values
 */
export function answerContent(fields: readonly QuestionField[], answer: string): Record<string, unknown> {
  const [only, second] = fields;
  if (only === undefined) return {};
  const given = second === undefined ? singleAnswer(only, answer) : namedAnswers(answer);
  const content: Record<string, unknown> = {};
  for (const field of fields) {
    const value = given[field.name];
    if (value !== undefined && value !== '') content[field.name] = fieldValue(field, value);
    else if (field.required) throw wrong(`"${field.name}" is missing.`, howTo(fields));
  }
  return content;
}

/** @throws TaskError `InvalidInput` for an empty answer, or one that the agent could not use */
export function requireAnswer(approval: Approval, answer: string | undefined): void {
  if (answer === undefined || answer.trim() === '') {
    throw wrong('A question needs an answer.', 'Give the answer, or reject the question.');
  }
  answerContent(approval.detail?.fields ?? [], answer);
}

function singleAnswer(field: QuestionField, answer: string): Record<string, unknown> {
  const named = answer.trim().startsWith('{') ? jsonObject(answer) : undefined;
  return named !== undefined && field.name in named ? named : { [field.name]: answer.trim() };
}

function namedAnswers(answer: string): Record<string, unknown> {
  const named = jsonObject(answer);
  if (named !== undefined) return named;
  const lines = answer.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*([^:=]+?)\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(lines);
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function fieldValue(field: QuestionField, value: unknown): unknown {
  const text = String(value).trim();
  if (field.type === 'array') return listOf(field, value);
  if (field.type === 'boolean') {
    if (/^(?:true|yes|y|1)$/i.test(text)) return true;
    if (/^(?:false|no|n|0)$/i.test(text)) return false;
    throw wrong(`"${field.name}" is to be yes or no.`);
  }
  if (field.type === 'number' || field.type === 'integer') {
    const number = Number(text);
    if (text !== '' && Number.isFinite(number) && (field.type === 'number' || Number.isInteger(number))) return number;
    throw wrong(`"${field.name}" is to be ${field.type === 'integer' ? 'a whole number' : 'a number'}.`);
  }
  return optionOf(field, text);
}

function listOf(field: QuestionField, value: unknown): string[] {
  const items = Array.isArray(value) ? value.map(String) : String(value).split(',');
  return items
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => optionOf(field, item));
}

function optionOf({ name, options }: QuestionField, text: string): string {
  if (options === undefined) return text;
  const wanted = text.toLowerCase();
  const found = options.find(({ value, title }) => [value.toLowerCase(), title?.toLowerCase()].includes(wanted));
  if (found !== undefined) return found.value;
  throw wrong(`"${name}" is to be one of ${options.map(({ value }) => value).join(', ')}.`);
}

function howTo(fields: readonly QuestionField[]): string {
  return fields.length === 1
    ? 'Give it a value.'
    : `Answer with a line "name: value" for each of ${fields.map(({ name }) => name).join(', ')}.`;
}

function wrong(message: string, advice?: string): TaskError {
  return new TaskError('InvalidInput', message, advice === undefined ? {} : { next: [textStep(advice)] });
}
