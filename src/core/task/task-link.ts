/** The extension's address in links that open the editor. */
const EXTENSION = 'vscode://systemprompt.systemprompt-tasks';

const REFERENCE = /^(?:\d{1,9}|[A-Za-z0-9][A-Za-z0-9_-]{0,63})$/;
const PATH_CHARS = 4_096;

/** A task that a link names. */
export interface LinkedTask {
  /** Number or id. */
  readonly task: string;
  /** The folder, as an absolute path; undefined for any folder of the window. */
  readonly folder: string | undefined;
}

/** A link that opens the page of a task in the editor. */
export function taskLink(task: number | string, folder: string): string {
  return `${EXTENSION}/task/${encodeURIComponent(task)}?folder=${encodeURIComponent(folder)}`;
}

/**
 * The task of a link. Links come from anywhere: everything but a number or id is refused.
 *
 * @param path the path of the link, starting with a slash
 * @param query the query without the question mark
 */
export function linkedTask(path: string, query: string): LinkedTask | undefined {
  const task = /^\/task\/([^/]+)$/.exec(path)?.[1];
  if (task === undefined || !REFERENCE.test(task)) return undefined;
  const folder = new URLSearchParams(query).get('folder') ?? undefined;
  if (folder !== undefined && (folder.length > PATH_CHARS || folder.includes('\0'))) return undefined;
  return { task, folder };
}
