import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { Approval, QuestionField } from './approval-schema.ts';

/**
 * The values of the fields that an agent asks for, from a person's words. One field takes them as they are. Several take a
 * JSON object or a line `name: value` for each; other words go to the one field that they fit: the first that offers them
 * as a choice, else the only required one, else the first for free text.
 *
 * @throws TaskError `InvalidInput` that names the fields
 */
export function answerContent(fields: readonly QuestionField[], answer: string): Record<string, unknown> {
  const [only, second] = fields;
  if (only === undefined) return {};
  const given = second === undefined ? singleAnswer(only, answer) : (named(fields, answer) ?? plain(fields, answer));
  const content: Record<string, unknown> = {};
  for (const field of fields) {
    const value = given[field.name];
    if (value !== undefined && value !== '') content[field.name] = fieldValue(field, value);
    else if (field.required) throw wrong(`"${field.name}" is missing.`, howTo(fields));
  }
  if (Object.keys(content).length === 0) throw wrong('The answer gives no field a value.', howTo(fields));
  return content;
}

/**
 * The answer that gives fields their values.
 *
 * @param pairs `name=value`
 * @throws TaskError `InvalidInput` for a pair of another form or an unknown field, with the names of the fields
 */
export function answerOfPairs(fields: readonly QuestionField[], pairs: readonly string[]): string {
  if (fields.length === 0) throw wrong('The question has no fields.', 'Answer it in words.');
  const values: Record<string, string> = {};
  for (const pair of pairs) {
    const field = fields.find(({ name }) => pair.startsWith(`${name}=`));
    if (field === undefined) {
      const [name = ''] = pair.split('=', 1);
      throw wrong(`The question has no field "${name.slice(0, 100)}".`, howTo(fields));
    }
    values[field.name] = pair.slice(field.name.length + 1);
  }
  return JSON.stringify(values);
}

/** @throws TaskError `InvalidInput` for an empty answer, or one that the agent could not use */
export function requireAnswer(approval: Approval, answer: string | undefined): void {
  if (answer === undefined || answer.trim() === '') {
    throw wrong('A question needs an answer.', 'Give the answer, or reject the question.');
  }
  answerContent(approval.detail?.fields ?? [], answer);
}

/** @throws TaskError `InvalidInput` for a value that the field does not take */
export function fieldValue(field: QuestionField, value: unknown): unknown {
  const text = String(value).trim();
  if (field.type === 'array') return listOf(field, value);
  if (field.type === 'boolean') {
    if (/^(?:true|yes|y|1)$/i.test(text)) return true;
    if (/^(?:false|no|n|0)$/i.test(text)) return false;
    throw wrong(`"${field.name}" must be yes or no.`);
  }
  if (field.type === 'number' || field.type === 'integer') {
    const number = Number(text);
    if (text !== '' && Number.isFinite(number) && (field.type === 'number' || Number.isInteger(number))) return number;
    throw wrong(`"${field.name}" must be ${field.type === 'integer' ? 'a whole number' : 'a number'}.`);
  }
  return optionOf(field, text);
}

function singleAnswer(field: QuestionField, answer: string): Record<string, unknown> {
  const object = answer.trim().startsWith('{') ? jsonObject(answer) : undefined;
  return object !== undefined && field.name in object ? object : { [field.name]: answer.trim() };
}

/** Values by the names in the answer. Undefined if it names no field. */
function named(fields: readonly QuestionField[], answer: string): Record<string, unknown> | undefined {
  const names = fields.map(({ name }) => name);
  const object = jsonObject(answer);
  if (object !== undefined) {
    const unknown = Object.keys(object).find((name) => !names.includes(name));
    if (unknown !== undefined) throw wrong(`The question has no field "${unknown.slice(0, 100)}".`, howTo(fields));
    return object;
  }
  const given: Record<string, string> = {};
  let last: string | undefined;
  for (const line of answer.trim().split('\n')) {
    const [, name, value] = /^\s*([^:=]+?)\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && names.includes(name)) {
      given[name] = value;
      last = name;
    } else if (last === undefined) return undefined;
    // A value of several lines.
    else given[last] = `${given[last]}\n${line}`.trimEnd();
  }
  return given;
}

/** Words without a name of a field, as the value of the field that they fit. */
function plain(fields: readonly QuestionField[], answer: string): Record<string, unknown> {
  const chosen = fields.find((field) => field.options !== undefined && fits(field, answer));
  const required = fields.filter((field) => field.required);
  const only = required.length === 1 ? required[0] : undefined;
  const free = fields.find((field) => field.type === 'string' && field.options === undefined);
  const field = chosen ?? (required.length > 0 ? only : free);
  if (field === undefined || !fits(field, answer)) throw wrong('The answer fits no field.', howTo(fields));
  return { [field.name]: answer.trim() };
}

function fits(field: QuestionField, answer: string): boolean {
  try {
    fieldValue(field, answer);
    return true;
  } catch {
    return false;
  }
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
  throw wrong(`"${name}" must be one of ${options.map(({ value }) => value).join(', ')}.`);
}

function howTo(fields: readonly QuestionField[]): string {
  return fields.length === 1
    ? 'Give it a value.'
    : `Answer with a line "name: value" for each of ${fields.map(describeField).join(', ')}.`;
}

/** `color (red | blue, optional)`. */
export function describeField({ name, options, required }: QuestionField): string {
  const choices = options === undefined ? '' : options.map(({ value }) => value).join(' | ');
  const about = [choices, required ? '' : 'optional'].filter((word) => word !== '').join(', ');
  return about === '' ? name : `${name} (${about})`;
}

function wrong(message: string, advice?: string): TaskError {
  return new TaskError('InvalidInput', message, advice === undefined ? {} : { next: [textStep(advice)] });
}
