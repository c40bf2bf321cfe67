import { type ComparedField, type ComparedItem, comparePlans } from '../../core/plan/difference.ts';
import { type Plan, type PlanItem, placedItems } from '../../core/plan/plan.ts';
import { sanitizeText } from '../../core/text/sanitize.ts';
import { visible } from '../../core/text/visible.ts';
import type { ProposalRow } from '../../webviews/plan/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { shownLine } from './plan-rows.ts';

const TEXT_CHARS = 2_000;

type Detail = Exclude<ComparedField, 'title' | 'kind'>;

const details = ['dependsOn', 'acceptance', 'description'] as const satisfies readonly Detail[];

/** The changed items of a plan, each in its groups. Empty without a change. */
export function proposalRows(before: Plan, after: Plan): ProposalRow[] {
  const titles = new Map([...placedItems(before), ...placedItems(after)].map(({ item }) => [item.key, item.title]));
  const rows: ProposalRow[] = [];
  /** Groups around the next row that are not shown yet. */
  const groups: ProposalRow[] = [];
  for (const each of comparePlans(before, after)) {
    const row = rowOf(each, titles);
    while ((groups.at(-1)?.depth ?? -1) >= row.depth) groups.pop();
    if (row.change === 'same') groups.push(row);
    else rows.push(...groups.splice(0), row);
  }
  return rows;
}

function rowOf(
  { change, item, before, depth, fields }: ComparedItem,
  titles: ReadonlyMap<string, string>,
): ProposalRow {
  const { key } = item;
  const changed = details.filter((field) => (change === 'added' ? has(item, field) : fields.includes(field)));
  // A task that gets parts becomes a group. Those parts are the change.
  const isChanged = change !== 'changed' || fields.includes('title') || changed.length > 0;
  return {
    key,
    change: isChanged ? change : 'same',
    depth,
    title: shownLine(item.title),
    before: before === undefined || before.title === item.title ? '' : shownLine(before.title),
    details:
      change === 'removed'
        ? []
        : changed.map((field) => ({
            label: labelOf(field),
            before: textOf(before, field, titles),
            after: textOf(item, field, titles),
          })),
  };
}

function has(item: PlanItem, field: Detail): boolean {
  return (item[field] ?? '').length > 0;
}

function textOf(item: PlanItem | undefined, field: Detail, titles: ReadonlyMap<string, string>): string {
  const value = item?.[field] ?? '';
  const text =
    typeof value === 'string'
      ? value
      : value.map((each) => (field === 'dependsOn' ? (titles.get(each) ?? each) : each)).join('\n');
  const shown = visible(sanitizeText(text));
  return shown.length <= TEXT_CHARS ? shown : `${shown.slice(0, TEXT_CHARS)}…`;
}

function labelOf(field: Detail): string {
  switch (field) {
    case 'dependsOn':
      return l10n.t('Starts after');
    case 'acceptance':
      return l10n.t('Acceptance criteria');
    case 'description':
      return l10n.t('Description');
  }
}
