import type { Approval, QuestionField } from '../../core/task/approval.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visibleLine } from '../../core/text/visible.ts';
import type { FormField, FormValues } from '../../webviews/kit/form-schema.ts';
import { l10n } from '../present/l10n.ts';

/** The fields that a page shows for a question; a question without fields takes a text. Other requests have none. */
export function formFields({ kind, detail }: Approval): FormField[] {
  if (kind !== 'feedback') return [];
  const fields = detail?.fields ?? [];
  if (fields.length > 0) return fields.map(fieldOf);
  return [{ name: '', label: l10n.t('Your answer'), kind: 'text', options: [], required: true }];
}

function fieldOf(field: QuestionField): FormField {
  const { name, title, description, required } = field;
  return {
    name,
    label: shown(title ?? name),
    ...(description === undefined ? {} : { about: shown(description) }),
    kind: kindOf(field),
    options: optionsOf(field),
    required,
  };
}

function kindOf({ type, options }: QuestionField): FormField['kind'] {
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'choice';
  if (options === undefined) return 'line';
  return type === 'array' ? 'many' : 'choice';
}

function optionsOf({ type, options = [] }: QuestionField): FormField['options'] {
  if (type === 'boolean') {
    return [
      { value: 'yes', label: l10n.t('Yes') },
      { value: 'no', label: l10n.t('No') },
    ];
  }
  return options.map(({ value, title }) => ({ value, label: shown(title ?? value) }));
}

/** The values as the text that `task.answer` takes. */
export function answerText({ detail }: Approval, values: FormValues): string {
  if ((detail?.fields ?? []).length === 0) return String(values[''] ?? '');
  const given = Object.entries(values).filter(([, value]) =>
    typeof value === 'string' ? value.trim() !== '' : value.length > 0,
  );
  return JSON.stringify(Object.fromEntries(given));
}

function shown(text: string): string {
  return visibleLine(sanitizeLine(text));
}
