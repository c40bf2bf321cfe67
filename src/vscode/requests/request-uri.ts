import * as vscode from 'vscode';
import { requestScheme } from '../contributions.ts';

/** Which request a read-only document shows, and which part of it: the request in words, or a side of one diff. */
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
