import { type Plan, type PlanItem, placedItems } from '../../core/plan/plan.ts';
import { jsonOf } from './json.ts';

/** Formats that have a file for each task. */
export const folderFormats = ['backlog', 'claude-tasks'] as const;
export type FolderFormat = (typeof folderFormats)[number];

/** A file of an export; its name has slashes and no link leads out of the folder. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

const NAME_CHARS = 60;

/** The files of a plan in a format. `docs/import.md` lists the fields that each format cannot hold. */
export function exportFiles(plan: Plan, format: FolderFormat): ExportedFile[] {
  return format === 'backlog' ? backlogOf(plan) : claudeTasksOf(plan);
}

/** A status of Backlog.md, and the folder of its tasks, which decides before the status. */
const backlogPlaces = {
  pending: ['To Do', 'tasks'],
  completed: ['Done', 'tasks'],
  cancelled: ['To Do', 'archive/tasks'],
  paused: ['To Do', 'drafts'],
} as const;

function backlogOf(plan: Plan): ExportedFile[] {
  const placed = placedItems(plan);
  const ids = new Map(placed.map(({ item }, index) => [item.key, `task-${index + 1}`] as const));
  return placed.map(({ item, parent }) => {
    const id = ids.get(item.key) ?? '';
    const [status, folder] = backlogPlaces[item.status ?? 'pending'];
    // JSON is YAML.
    const fields: readonly (readonly [string, unknown])[] = [
      ['id', id],
      ['title', item.title],
      ['status', status],
      ['labels', item.labels ?? []],
      ['dependencies', (item.dependsOn ?? []).flatMap((key) => ids.get(key) ?? [])],
      ...(parent === undefined ? [] : [['parent_task_id', ids.get(parent.key)] as const]),
      ['priority', item.priority === 'critical' ? 'high' : (item.priority ?? 'medium')],
    ];
    const head = fields.map(([key, value]) => `${key}: ${jsonOf(value)}`);
    const name = `${id} - ${slugOf(item.title)}`;
    return { name: `${folder}/${name}.md`, text: `---\n${head.join('\n')}\n---\n\n${backlogBody(item)}` };
  });
}

function backlogBody({ description, acceptance = [], instructions }: PlanItem): string {
  const criteria = acceptance.map((each, index) => `- [ ] #${index + 1} ${each.replace(/\s+/g, ' ')}`);
  const sections: readonly (readonly [title: string, text: string | undefined])[] = [
    ['Description', description],
    [
      'Acceptance Criteria',
      criteria.length === 0 ? undefined : ['<!-- AC:BEGIN -->', ...criteria, '<!-- AC:END -->'].join('\n'),
    ],
    ['Implementation Plan', instructions],
  ];
  return sections
    .flatMap(([title, text]) => (text === undefined ? [] : [`## ${title}\n\n${inner(text)}\n`]))
    .join('\n');
}

/** A heading of the second level would begin another section. */
function inner(text: string): string {
  return text.replace(/^## /gm, '### ');
}

/** A flat list. Cancelled tasks are left out: the format has no status for them. */
function claudeTasksOf(plan: Plan): ExportedFile[] {
  const items = placedItems(plan).flatMap(({ item }) => (item.status === 'cancelled' ? [] : [item]));
  const ids = new Map(items.map((item, index) => [item.key, `${index + 1}`] as const));
  const blockedBy = (item: PlanItem): string[] => (item.dependsOn ?? []).flatMap((key) => ids.get(key) ?? []);
  const blocks = new Map<string, string[]>(items.map(({ key }) => [key, []]));
  for (const item of items) for (const key of item.dependsOn ?? []) blocks.get(key)?.push(ids.get(item.key) ?? '');
  return items.map((item) => {
    const id = ids.get(item.key) ?? '';
    const task = {
      id,
      subject: item.title,
      description: [item.description, item.instructions, ...(item.acceptance ?? []).map((each) => `- [ ] ${each}`)]
        .filter((part) => part !== undefined)
        .join('\n\n'),
      status: item.status === 'completed' ? 'completed' : 'pending',
      blocks: blocks.get(item.key) ?? [],
      blockedBy: blockedBy(item),
    };
    return { name: `${id}.json`, text: `${jsonOf(task, 2)}\n` };
  });
}

function slugOf(title: string): string {
  const words = title.match(/[A-Za-z0-9]+/g) ?? [];
  return words.join('-').slice(0, NAME_CHARS) || 'Task';
}
