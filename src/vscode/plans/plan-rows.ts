import { type PlacedItem, type PlanItem, placedItems } from '../../core/plan/plan.ts';
import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import { visible, visibleLine } from '../../core/text/visible.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { FormField, FormValues } from '../../webviews/kit/form-schema.ts';
import type { PlanRow } from '../../webviews/plan/protocol.ts';
import { l10n } from '../present/l10n.ts';
import type { ReadPlan } from './plan-origin.ts';

const DESCRIPTION_CHARS = 4_000;
/** Suggestions below this score begin unchecked. */
const GOOD_SCORE = 0.7;

type Preview = OutputOf<'plan.apply'>;

/** The rows of the page: the items of a plan joined to their preview. */
export function planRows({ plan, scores }: ReadPlan, { tasks }: Preview): PlanRow[] {
  if (plan === undefined) return [];
  const placed = placedItems(plan);
  const titles = new Map(placed.map(({ item }) => [item.key, item.title]));
  return placed.map((each, index) => {
    const { item, depth } = each;
    const task = tasks[index];
    const score = scores?.get(item.key);
    return {
      key: item.key,
      depth,
      group: item.kind === 'group',
      title: shownLine(item.title),
      skipped: score !== undefined && score < GOOD_SCORE,
      agent: item.kind === 'group' ? '' : shownLine(task?.agent ?? ''),
      phases: item.workflow !== undefined,
      limits: limitsOf(item),
      description: textOf(each),
      after: (item.dependsOn ?? []).map((key) => shownLine(titles.get(key) ?? key)),
      change: changeText(task),
      ...(score === undefined ? {} : { score }),
    };
  });
}

function limitsOf({ constraints = {} }: PlanItem): PlanRow['limits'] {
  const { max_tokens, max_cost_usd, max_duration_minutes } = constraints;
  return { max_tokens, max_cost_usd, max_duration_minutes };
}

function textOf({ item: { description = '', instructions = '', acceptance = [] } }: PlacedItem): string {
  const text = [description, instructions, ...acceptance.map((criterion) => `- ${criterion}`)].filter(Boolean);
  const shown = visible(sanitizeText(text.join('\n\n')));
  return shown.length <= DESCRIPTION_CHARS ? shown : `${shown.slice(0, DESCRIPTION_CHARS)}…`;
}

function changeText(task: Preview['tasks'][number] | undefined): string {
  if (task === undefined || task.change === 'new') return '';
  const name = `#${task.number ?? ''}`;
  if (task.change === 'unchanged') return l10n.t('{0}, unchanged', name);
  return l10n.t('{0}, changed: {1}', name, (task.fields ?? []).join(', '));
}

/** The notes of a source and the tasks that are no longer in it. */
export function noteTexts({ notes }: ReadPlan, { notes: skipped, missing }: Preview): string[] {
  const texts = [
    ...missing.map(({ number, title }) => l10n.t('#{0} {1} is no longer in the source. It is kept.', number, title)),
    ...[...skipped, ...notes].map(({ line, message }) =>
      line === undefined ? message : l10n.t('Line {0}: {1}', line, message),
    ),
  ];
  return [...new Set(texts.map(shownLine))];
}

/** A field of a template as the page shows it. */
export function templateFields(
  fields: readonly {
    readonly name: string;
    readonly type: 'string' | 'text' | 'choice';
    readonly description?: string | undefined;
    readonly required?: boolean | undefined;
    readonly options?: readonly string[] | undefined;
    readonly default?: string | undefined;
  }[],
): { readonly fields: FormField[]; readonly values: FormValues } {
  return {
    fields: fields.map(({ name, type, description, required = false, options = [] }) => ({
      name,
      label: shownLine(name),
      ...(description === undefined ? {} : { about: shownLine(description) }),
      kind: type === 'choice' ? 'choice' : type === 'text' ? 'text' : 'line',
      options: options.map((value) => ({ value, label: shownLine(value) })),
      required,
    })),
    values: Object.fromEntries(fields.map((field) => [field.name, field.default ?? ''])),
  };
}

export function shownLine(text: string): string {
  return visibleLine(sanitizeLine(text));
}
