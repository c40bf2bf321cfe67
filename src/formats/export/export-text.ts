import { type Plan, type PlanItem, placedItems } from '../../core/plan/plan.ts';
import { kiroOf, markdownOf, openspecOf, specKitOf } from './checkboxes.ts';
import { jsonOf } from './json.ts';

/** Formats that tasks can be exported to. */
export const exportFormats = [
  'json',
  'markdown',
  'csv',
  'task-master',
  'beads',
  'spec-kit',
  'kiro',
  'openspec',
] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** The text of a plan in a format. `docs/import.md` lists the fields that each format cannot hold. */
export function exportText(plan: Plan, format: ExportFormat): string {
  switch (format) {
    case 'json':
      return `${jsonOf(plan, 2)}\n`;
    case 'markdown':
      return markdownOf(plan);
    case 'csv':
      return csvOf(plan);
    case 'task-master':
      return `${jsonOf({ tasks: taskMasterOf(plan) }, 2)}\n`;
    case 'beads':
      return beadsOf(plan);
    case 'spec-kit':
      return specKitOf(plan);
    case 'kiro':
      return kiroOf(plan);
    case 'openspec':
      return openspecOf(plan);
  }
}

const header = [
  'id',
  'title',
  'description',
  'instructions',
  'status',
  'priority',
  'agent',
  'labels',
  'parent',
  'depends on',
  'acceptance',
];

function csvOf(plan: Plan): string {
  const rows = placedItems(plan).map(({ item, parent }) => [
    item.key,
    item.title,
    item.description ?? '',
    item.instructions ?? '',
    item.status ?? 'pending',
    item.priority ?? 'medium',
    item.agent ?? '',
    (item.labels ?? []).join(';'),
    parent?.key ?? '',
    (item.dependsOn ?? []).join(';'),
    (item.acceptance ?? []).map((each) => each.replace(/[;\n]+/g, ',')).join(';'),
  ]);
  return [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

/** A cell that starts with a sign of a formula gets an apostrophe: spreadsheets would calculate it. */
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const taskMasterStatus = { pending: 'pending', completed: 'done', cancelled: 'cancelled', paused: 'deferred' } as const;

/** Two levels, as Task Master has; deeper parts become parts of the second level. */
function taskMasterOf(plan: Plan): object[] {
  const ids = new Map<string, string>();
  const partsOf = (item: PlanItem): PlanItem[] => placedItems({ items: item.children ?? [] }).map((each) => each.item);
  for (const [index, item] of plan.items.entries()) {
    ids.set(item.key, String(index + 1));
    for (const [place, part] of partsOf(item).entries()) ids.set(part.key, `${index + 1}.${place + 1}`);
  }
  const fields = (item: PlanItem, id: number): object => ({
    id,
    title: item.title,
    description: item.description ?? '',
    status: taskMasterStatus[item.status ?? 'pending'],
    dependencies: (item.dependsOn ?? []).flatMap((key) => ids.get(key) ?? []),
    priority: item.priority === 'critical' ? 'high' : (item.priority ?? 'medium'),
    details: item.instructions ?? '',
    testStrategy: (item.acceptance ?? []).join('\n'),
  });
  return plan.items.map((item, index) => ({
    ...fields(item, index + 1),
    subtasks: partsOf(item).map((part, place) => fields(part, place + 1)),
  }));
}

const beadsStatus = { pending: 'open', completed: 'closed', cancelled: 'tombstone', paused: 'deferred' } as const;
const beadsPriority = { critical: 0, high: 1, medium: 2, low: 3 } as const;

function beadsOf(plan: Plan): string {
  const lines = placedItems(plan).map(({ item, parent }) => {
    const link = (id: string, type: string): object => ({ issue_id: item.key, depends_on_id: id, type });
    return jsonOf({
      id: item.key,
      title: item.title,
      description: item.description ?? '',
      design: item.instructions,
      acceptance_criteria: item.acceptance?.map((each) => `- ${each.replace(/\s+/g, ' ')}`).join('\n'),
      status: beadsStatus[item.status ?? 'pending'],
      priority: beadsPriority[item.priority ?? 'medium'],
      issue_type: item.kind === 'group' ? 'epic' : 'task',
      labels: item.labels,
      dependencies: [
        ...(parent === undefined ? [] : [link(parent.key, 'parent-child')]),
        ...(item.dependsOn ?? []).map((key) => link(key, 'blocks')),
      ],
    });
  });
  return `${lines.join('\n')}\n`;
}
