import type { QuestionField } from '../../core/task/approval.ts';
import { fieldValue } from '../../core/task/form-answer.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { l10n } from '../present/l10n.ts';
import { askChoice, askSteps, askText, back, type Frame } from '../quick/input.ts';
import { pickMany } from '../quick/pick-many.ts';

type Given = Readonly<Record<string, string | readonly string[]>>;

/**
 * Asks for the fields of a form one after the other: a list for a choice, a line for text.
 *
 * @returns a JSON object by the names of the fields, or undefined when the person gave up
 */
export async function askForm(title: string, fields: readonly QuestionField[]): Promise<string | undefined> {
  const steps = fields.map((field) => async (given: Given, frame: Frame) => {
    const value = await askField(field, given[field.name], frame);
    return value === undefined || value === back ? value : { ...given, [field.name]: value };
  });
  const given = await askSteps<Given>(title, {}, () => steps);
  if (given === undefined) return undefined;
  return JSON.stringify(Object.fromEntries(Object.entries(given).filter(([, value]) => value.length > 0)));
}

/** An empty text or list leaves the field out. */
async function askField(
  field: QuestionField,
  given: string | readonly string[] | undefined,
  frame: Frame,
): Promise<string | readonly string[] | typeof back | undefined> {
  const name = sanitizeLine(field.title ?? field.name);
  const about = field.description === undefined ? name : `${name}: ${sanitizeLine(field.description)}`;
  const placeholder = field.required ? about : l10n.t('{0} (optional)', about);
  if (field.type === 'array' && field.options !== undefined) {
    const items = field.options.map(({ value, title }) => ({ label: sanitizeLine(title ?? value), value }));
    return pickMany(frame, {
      placeholder,
      items,
      selected: typeof given === 'object' ? given : [],
      free: false,
    });
  }
  const choices = choicesOf(field);
  if (choices === undefined) {
    const check = (value: string): string | undefined => wrongValue(field, value);
    return askText(frame, { prompt: placeholder, value: typeof given === 'string' ? given : undefined, check });
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
