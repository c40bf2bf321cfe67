import type { PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';
import type { QuestionField } from '../../core/task/approval.ts';
import { answerContent } from '../../core/task/form-answer.ts';
import { fieldsOf, listOf, textOf } from './wire.ts';

/** The answer of the protocol to `elicitation/create`. */
export interface ElicitationResponse {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Readonly<Record<string, unknown>>;
  readonly _meta?: { readonly notes: string };
}

const MAX_FIELDS = 50;
const MAX_OPTIONS = 100;
const TITLE_CHARS = 300;
const types = ['string', 'number', 'integer', 'boolean', 'array'] as const;

/**
 * The question of an agent to a person. Undefined if it cannot be answered with text: a page to visit (which was not
 * offered to the agent), or a required value of an unknown type.
 */
export function questionOf(params: unknown): PermissionRequest | undefined {
  const asked = fieldsOf(params);
  if (asked === undefined || (asked.mode ?? 'form') !== 'form') return undefined;
  const message = textOf(asked.message)?.trim() ?? 'The agent asks for something.';
  const schema = fieldsOf(asked.requestedSchema) ?? {};
  const required = new Set(listOf(schema.required));
  const fields: QuestionField[] = [];
  for (const [name, value] of Object.entries(fieldsOf(schema.properties) ?? {}).slice(0, MAX_FIELDS)) {
    const field = fieldOf(name, value, required.has(name));
    if (field !== undefined) fields.push(field);
    else if (required.has(name)) return undefined;
  }
  const title = (message.split('\n', 1)[0] ?? '').slice(0, TITLE_CHARS);
  return { title, detail: { question: message, ...(fields.length === 0 ? {} : { fields }) } };
}

export function elicitationResponse({ detail }: PermissionRequest, decision: PermissionDecision): ElicitationResponse {
  if (decision.cancelled === true) return { action: 'cancel' };
  const notes = decision.notes ?? '';
  if (!decision.approved) return { action: 'decline', ...(notes === '' ? {} : { _meta: { notes } }) };
  return { action: 'accept', content: answerContent(detail.fields ?? [], notes) };
}

function fieldOf(name: string, value: unknown, required: boolean): QuestionField | undefined {
  const property = fieldsOf(value);
  const type = types.find((known) => known === property?.type);
  if (property === undefined || type === undefined || name === '' || name.length > 200) return undefined;
  const title = textOf(property.title)?.slice(0, 500);
  const description = textOf(property.description)?.slice(0, 2_000);
  const options = optionsOf(type === 'array' ? fieldsOf(property.items) : property);
  return {
    name,
    type,
    required,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(options.length === 0 ? {} : { options }),
  };
}

function optionsOf(property: Readonly<Record<string, unknown>> | undefined): NonNullable<QuestionField['options']> {
  const titled = listOf(property?.oneOf ?? property?.anyOf).map((option) => fieldsOf(option));
  const plain = listOf(property?.enum).map((value) => ({ const: value, title: undefined }));
  return [...titled, ...plain].slice(0, MAX_OPTIONS).flatMap((option) => {
    const value = textOf(option?.const)?.slice(0, 500);
    const title = textOf(option?.title)?.slice(0, 500);
    return value === undefined ? [] : [{ value, ...(title === undefined ? {} : { title }) }];
  });
}
