/** Parts of a task that are resources of their own. */
export const taskParts = ['logs', 'result', 'diff'] as const;

export type TaskPart = (typeof taskParts)[number];

/** A resource by its URI. */
export type ResourceAddress =
  | { readonly kind: 'list'; readonly query: URLSearchParams }
  | { readonly kind: 'stats' }
  | {
      readonly kind: 'task';
      readonly task: string;
      readonly part: TaskPart | undefined;
      readonly query: URLSearchParams;
    }
  | { readonly kind: 'project'; readonly name: string };

export const LIST_URI = 'task://list';
export const STATS_URI = 'task://stats';

const URI_CHARS = 2_000;

/** Only characters of ids and numbers: no path can leave the store. */
const address = /^task:\/\/([\w-]{1,100})(?:\/([a-z]+))?(?:\?(.*))?$/;
const project = /^project:\/\/([^/?#]{1,800})$/;

/** Undefined for a URI that names no resource. */
export function parseResource(uri: string): ResourceAddress | undefined {
  if (uri.length > URI_CHARS) return undefined;
  const name = project.exec(uri)?.[1];
  if (name !== undefined) return projectNamed(name);
  const [whole, task = '', part, search = ''] = address.exec(uri) ?? [];
  if (whole === undefined) return undefined;
  const query = new URLSearchParams(search);
  if (part === undefined && task === 'list') return { kind: 'list', query };
  if (part === undefined && task === 'stats') return search === '' ? { kind: 'stats' } : undefined;
  const known = taskParts.find((each) => each === part);
  return part !== undefined && known === undefined ? undefined : { kind: 'task', task, part: known, query };
}

function projectNamed(encoded: string): ResourceAddress | undefined {
  try {
    return { kind: 'project', name: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

export function taskUri(task: string | number, part?: TaskPart): string {
  return part === undefined ? `task://${task}` : `task://${task}/${part}`;
}

export function projectUri(name: string): string {
  return `project://${encodeURIComponent(name)}`;
}
