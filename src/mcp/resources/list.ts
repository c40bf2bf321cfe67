import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { OperationContext } from '../../operations/context.ts';
import type { TaskScope } from '../scope.ts';
import { LIST_URI, projectUri, STATS_URI, taskUri } from './uri.ts';

/** A resource as the protocol lists it. */
export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType: string;
}

const JSON_TYPE = 'application/json';
const PAGE = 100;
const COMPLETIONS = 100;

const fixed: readonly ListedResource[] = [
  { uri: LIST_URI, name: 'tasks', description: 'Tasks of the folder, newest first, in pages.', mimeType: JSON_TYPE },
  { uri: STATS_URI, name: 'stats', description: 'Counts and durations of all tasks.', mimeType: JSON_TYPE },
];

/** Templates of the resources, by RFC 6570. */
const resourceTemplates = [
  {
    uriTemplate: `${LIST_URI}{?status,project,label,tool,priority,search,sort,limit,cursor}`,
    name: 'tasks-filtered',
    description: 'Tasks with these values. Lists are comma-separated; cursor is that of the previous page.',
    mimeType: JSON_TYPE,
  },
  { uriTemplate: 'task://{id}', name: 'task', description: 'A task by its id or number.', mimeType: JSON_TYPE },
  {
    uriTemplate: 'task://{id}/logs{?after,limit}',
    name: 'task-logs',
    description: 'Log entries: the latest, or from a position.',
    mimeType: JSON_TYPE,
  },
  { uriTemplate: 'task://{id}/result', name: 'task-result', description: 'Result or error.', mimeType: JSON_TYPE },
  { uriTemplate: 'task://{id}/diff', name: 'task-diff', description: 'Changes as a patch.', mimeType: 'text/x-diff' },
  { uriTemplate: 'project://{name}', name: 'project', description: 'A project and its tasks.', mimeType: JSON_TYPE },
] as const;

/** The templates of resources that a scope includes. */
export function templatesOf(scope: TaskScope | undefined): { uriTemplate: string; name: string }[] {
  const wide: readonly string[] = ['tasks-filtered', 'project'];
  return resourceTemplates.filter(({ name }) => scope === undefined || !wide.includes(name));
}

/** A page of resources: the fixed ones and the projects first, then the tasks, newest first. A scope has one page. */
export async function listResources(
  { store }: OperationContext,
  cursor: string | undefined,
  scope: TaskScope | undefined,
): Promise<{ resources: ListedResource[]; nextCursor?: string }> {
  await store.refresh();
  if (scope !== undefined) {
    return { resources: [...fixed.filter(({ uri }) => uri === LIST_URI), ...scope.tasks().map(taskResource)] };
  }
  const page = await store.listTasks({
    sort: 'number',
    order: 'desc',
    limit: PAGE,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const first = cursor === undefined ? [...fixed, ...projectsOf(store.view.all()).map(projectResource)] : [];
  return {
    resources: [...first, ...page.tasks.map(taskResource)],
    ...(page.cursor === undefined ? {} : { nextCursor: page.cursor }),
  };
}

function taskResource({ id, number, title, status }: TaskRecord): ListedResource {
  const uri = taskUri(id);
  return {
    uri,
    name: `task-${number}`,
    title: `#${number} ${sanitizeLine(title)}`,
    description: status,
    mimeType: JSON_TYPE,
  };
}

function projectResource(name: string): ListedResource {
  return { uri: projectUri(name), name: `project ${sanitizeLine(name)}`, mimeType: JSON_TYPE };
}

function projectsOf(tasks: Iterable<TaskRecord>): string[] {
  const names = new Set<string>();
  for (const { project } of tasks) if (project !== undefined) names.add(project);
  return [...names].sort((a, b) => a.localeCompare(b));
}

/** Values of a template's variable or a prompt's argument that begin like the given one. */
export function completionsOf(
  tasks: Iterable<TaskRecord>,
  argument: string,
  value: string,
): { values: string[]; total: number; hasMore: boolean } {
  const found = candidates(tasks, argument, value.toLowerCase());
  return { values: found.slice(0, COMPLETIONS), total: found.length, hasMore: found.length > COMPLETIONS };
}

function candidates(tasks: Iterable<TaskRecord>, argument: string, value: string): string[] {
  if (argument === 'name' || argument === 'project') {
    return projectsOf(tasks).filter((name) => name.toLowerCase().startsWith(value));
  }
  if (argument !== 'id' && argument !== 'task') return [];
  const newest = [...tasks].sort((a, b) => b.number - a.number);
  const byNumber = newest.filter(({ number }) => String(number).startsWith(value)).map(({ number }) => String(number));
  const byId = newest.filter(({ id }) => id.toLowerCase().startsWith(value)).map(({ id }) => id);
  return value === '' || /^\d+$/.test(value) ? byNumber : byId;
}
