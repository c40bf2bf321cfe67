import * as vscode from 'vscode';
import { requestScheme } from '../contributions.ts';

/** The request of a read-only document, and the part of it: the request as text, or a side of one diff. */
export interface RequestPart {
  /** Path of the workspace folder. */
  readonly folder: string;
  readonly task: string;
  readonly approval: string;
  readonly part: 'text' | { readonly diff: number; readonly side: 'old' | 'new' };
}

/** The path ends in a name that gives the document its language; all that counts is in the query. */
export function requestUri(name: string, { folder, task, approval, part }: RequestPart): vscode.Uri {
  const place = part === 'text' ? {} : { diff: String(part.diff), side: part.side };
  const query = new URLSearchParams({ folder, task, approval, ...place }).toString();
  return vscode.Uri.from({ scheme: requestScheme, path: `/${name.replace(/^\/+/, '')}`, query });
}

/** Tasks to confirm, as one document; without tasks, all of the folder. */
export function confirmUri(folder: string, tasks: readonly string[] | undefined): vscode.Uri {
  const query = new URLSearchParams({ folder, confirm: tasks?.join(',') ?? '' }).toString();
  return vscode.Uri.from({ scheme: requestScheme, path: '/tasks-to-confirm.txt', query });
}

/** The folder and tasks of a URI of {@link confirmUri}; undefined for another one. */
export function parseConfirmUri(uri: vscode.Uri): { folder: string; tasks: string[] | undefined } | undefined {
  if (uri.scheme !== requestScheme) return undefined;
  const query = new URLSearchParams(uri.query);
  const [folder, tasks] = [query.get('folder'), query.get('confirm')];
  if (folder === null || tasks === null) return undefined;
  return { folder, tasks: tasks === '' ? undefined : tasks.split(',') };
}

/** Undefined for a URI that is not one of ours. */
export function parseRequestUri(uri: vscode.Uri): RequestPart | undefined {
  if (uri.scheme !== requestScheme) return undefined;
  const query = new URLSearchParams(uri.query);
  const [folder, task, approval] = [query.get('folder'), query.get('task'), query.get('approval')];
  if (folder === null || task === null || approval === null) return undefined;
  const diff = query.get('diff');
  if (diff === null) return { folder, task, approval, part: 'text' };
  return { folder, task, approval, part: { diff: Number(diff), side: query.get('side') === 'old' ? 'old' : 'new' } };
}
