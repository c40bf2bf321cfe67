import type { QuestionField } from '../../core/task/approval.ts';
import { fieldValue } from '../../core/task/form-answer.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { l10n } from '../present/l10n.ts';
import { askChoice, askSteps, askText, type back, type Frame } from '../quick/input.ts';

type Given = Readonly<Record<string, string>>;

/**
 * Asks for the fields of a form one after the other: a list for a choice, a line for text.
 *
 * @returns a JSON object by the names of the fields, or undefined when the person gave up
 */
export async function askForm(title: string, fields: readonly QuestionField[]): Promise<string | undefined> {
  const steps = fields.map((field) => async (given: Given, frame: Frame) => {
    const value = await askField(field, given[field.name], frame);
    return typeof value === 'string' ? { ...given, [field.name]: value } : value;
  });
  const given = await askSteps<Given>(title, {}, () => steps);
  if (given === undefined) return undefined;
  return JSON.stringify(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')));
}

/** An empty text leaves the field out. */
function askField(
  field: QuestionField,
  given: string | undefined,
  frame: Frame,
): Promise<string | typeof back | undefined> {
  const name = sanitizeLine(field.title ?? field.name);
  const about = field.description === undefined ? name : `${name}: ${sanitizeLine(field.description)}`;
  const placeholder = field.required ? about : l10n.t('{0} (optional)', about);
  const choices = choicesOf(field);
  if (choices === undefined) {
    const check = (value: string): string | undefined => wrongValue(field, value);
    return askText(frame, { prompt: placeholder, value: given, check });
  }
  const skip = field.required ? [] : [{ label: l10n.t('No answer'), value: '' }];
  return askChoice(frame, {
    placeholder,
    choices: Promise.resolve([...choices, ...skip]),
    selected: (value) => value === given,
  });
}

/** Undefined for a field that takes text, or several values. */
function choicesOf({ type, options }: QuestionField): { label: string; value: string }[] | undefined {
  if (type === 'boolean') {
    return [
      { label: l10n.t('Yes'), value: 'yes' },
      { label: l10n.t('No'), value: 'no' },
    ];
  }
  if (type !== 'string' || options === undefined) return undefined;
  return options.map(({ value, title }) => ({ label: sanitizeLine(title ?? value), value }));
}

function wrongValue(field: QuestionField, value: string): string | undefined {
  if (value.trim() === '') {
    return field.required ? l10n.t('{0} is required.', sanitizeLine(field.title ?? field.name)) : undefined;
  }
  try {
    fieldValue(field, value);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
